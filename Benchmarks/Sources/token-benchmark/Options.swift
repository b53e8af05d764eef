/// What was asked for on the command line.
struct Options {
    enum Mode {
        case compare
        case count(Int, [String])
        case help
    }

    private(set) var mode = Mode.compare
    private(set) var rounds = 200
    private(set) var badTokens = 1_000_000
    private(set) var jsonFile: String?
    /// Whether a missed target is a failure.
    private(set) var isGate = false

    static let usage = """
        usage: token-benchmark [--rounds N] [--bad-tokens N] [--json FILE] [--gate]
               token-benchmark --count N SUBJECT…
          --rounds N        how often everything is measured (200)
          --bad-tokens N    how many bad tokens must leave memory as it is (1000000)
          --json FILE       writes all figures there
          --gate            fails when a target is missed
          --count N SUBJECT…  does things N times each, for Callgrind; see instructions.sh
        """

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        func value(_ option: String) throws -> String {
            guard let value = rest.popFirst() else {
                throw UnexpectedOutcome("`\(option)` needs a value\n\(Self.usage)")
            }
            return value
        }
        func number(_ option: String) throws -> Int {
            guard let number = Int(try value(option)), number > 0 else {
                throw UnexpectedOutcome("`\(option)` needs a number\n\(Self.usage)")
            }
            return number
        }
        while let option = rest.popFirst() {
            switch option {
            case "--rounds": rounds = try number(option)
            case "--bad-tokens": badTokens = try number(option)
            case "--json": jsonFile = try value(option)
            case "--gate": isGate = true
            case "--count":
                mode = .count(try number(option), Array(rest))
                rest = []
            case "--help", "-h": mode = .help
            default: throw UnexpectedOutcome("`\(option)` is not an option\n\(Self.usage)")
            }
        }
    }
}
