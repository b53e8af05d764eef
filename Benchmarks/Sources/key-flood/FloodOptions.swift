import Glibc

/// What was asked for on the command line.
struct FloodOptions {
    private(set) var gatewayPort: UInt16 = 0
    private(set) var gatewayProcess: Int32 = 0
    private(set) var upstreamPort: UInt16 = 0
    private(set) var keyServerPort: UInt16 = 0
    private(set) var token: [UInt8] = []
    /// Seconds.
    private(set) var cooldown = 30
    /// How often both kinds of windows are to be measured while the machine does nothing else.
    private(set) var pairs = 12
    private(set) var milliseconds = 2_000
    /// Whether the flood comes over one connection, 50 requests at once.
    private(set) var isPipelined = false

    static let usage = """
        usage: key-flood --gateway PORT --process PID --upstream PORT --key-server PORT
                         --token FILE [--cooldown S] [--pairs N] [--window MS] [--pipelined]
          --gateway PORT     where the gateway listens
          --process PID      the gateway's process
          --upstream PORT    where to listen as the gateway's upstream
          --key-server PORT  the control port of the issuer's key server
          --token FILE       holds a good token
          --cooldown S       the gateway's setting (30)
          --pairs N          how many quiet pairs of windows without and with the flood (12)
          --window MS        how long each is (2000)
          --pipelined        the flood comes over one connection, 50 requests at once
        """

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func value(_ option: String) throws -> String {
            guard let value = rest.popFirst() else {
                throw FloodProblem("`\(option)` needs a value\n\(Self.usage)")
            }
            return value
        }
        func number<Number: FixedWidthInteger>(_ option: String) throws -> Number {
            guard let number = Number(try value(option)), number > 0 else {
                throw FloodProblem("`\(option)` needs a number\n\(Self.usage)")
            }
            return number
        }
        while let option = rest.popFirst() {
            switch option {
            case "--gateway": gatewayPort = try number(option)
            case "--process": gatewayProcess = try number(option)
            case "--upstream": upstreamPort = try number(option)
            case "--key-server": keyServerPort = try number(option)
            case "--token": token = try TextFile.firstLine(try value(option))
            case "--cooldown": cooldown = try number(option)
            case "--pairs": pairs = try number(option)
            case "--window": milliseconds = try number(option)
            case "--pipelined": isPipelined = true
            default: throw FloodProblem("`\(option)` is not an option\n\(Self.usage)")
            }
        }
        let ports = [gatewayPort, upstreamPort, keyServerPort]
        guard !ports.contains(0), gatewayProcess > 0, !token.isEmpty else {
            throw FloodProblem("the ports, the process and the token are needed\n\(Self.usage)")
        }
    }
}

enum TextFile {
    /// Without its line feed.
    static func firstLine(_ path: String) throws -> [UInt8] {
        guard let file = unsafe fopen(path, "r") else {
            throw FloodProblem(during: "open `\(path)`")
        }
        defer { unsafe fclose(file) }
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard unsafe fgets(&buffer, Int32(buffer.count), file) != nil else {
            throw FloodProblem("`\(path)` is empty")
        }
        return buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
    }
}
