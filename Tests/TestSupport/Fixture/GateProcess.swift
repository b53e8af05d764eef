import Foundation
import Synchronization

/// A running `ostiary serve` with a configuration of its own in a temporary folder.
package final class GateProcess: Sendable {
    /// What the files say; the rest is the program's defaults.
    package struct Configuration: Sendable {
        package var policy = attackPolicy
        /// The port of the app behind the gate, on 127.0.0.1.
        package var upstreamPort: UInt16
        /// Where the app is if not there, such as `unix:/run/app.sock`.
        package var upstreamURL: String?
        /// Listeners behind the first, which is a free port of 127.0.0.1.
        package var furtherListeners: [String] = []
        /// The file of a further listener to which `connect` connects instead of to the first.
        package var clientSocket: String?
        package var threads = 2
        package var logLevel = "info"
        /// Key files of the issuers that the policy names: issuer name to contents.
        package var issuerKeys: [String: [UInt8]] = [:]
        /// `timeouts:` entries, such as `["response_head": "300ms"]`.
        package var timeouts: [String: String] = [:]
        /// `limits:` entries.
        package var limits: [String: String] = [:]
        /// Further lines of the file, such as `registration: {mode: open}`.
        package var lines: [String] = []
        package var arguments: [String] = []
        package var environment: [String: String] = [:]

        package init(upstreamPort: UInt16) {
            self.upstreamPort = upstreamPort
        }
    }

    package let port: UInt16
    private let clientSocket: String?
    /// The path of its `ostiary.yaml`, for commands that are to act on the same gate.
    package let configurationFile: String
    private let process: ChildProcess
    private let folder: TemporaryFolder

    /// Starts the gate and returns when it listens. In the `folder` of a gate before it, it has that
    /// gate's data.
    ///
    /// Throws a `SupportError` with everything the program wrote when it ends or stays silent.
    package init(_ configuration: Configuration, in folder: TemporaryFolder? = nil) throws {
        self.folder = try folder ?? TemporaryFolder("gate")
        let file = try configuration.write(to: self.folder)
        configurationFile = file
        clientSocket = configuration.clientSocket
        process = try ChildProcess(
            BuiltProgram.ostiary.path(), ["serve", "--config", file] + configuration.arguments,
            environment: configuration.environment)
        let announcement = try process.line(containing: "listening on http", within: .seconds(20))
        guard let port = portNumber(in: announcement) else {
            throw SupportError("no port in the gate's line: \(announcement)")
        }
        self.port = port
    }

    deinit { process.stop() }

    /// The data folder.
    package var data: String { folder.path + "/data" }

    package var pid: Int32 { process.pid }

    /// All that the gate wrote to standard error so far.
    package var log: String { process.standardError }

    /// Everything that was logged after `mark`, a count of characters in `log`'s UTF-8.
    package func log(since mark: Int) -> String {
        String(decoding: log.utf8.dropFirst(mark), as: UTF8.self)
    }

    /// Waits until the log since `mark` has a line with all the words; returns that line.
    package func logLine(
        with words: [String], since mark: Int = 0, within limit: Duration = .seconds(3)
    ) -> String? {
        var found: String?
        _ = Deadline.after(limit).waits {
            found = log(since: mark).split(separator: "\n").map(String.init).first { line in
                words.allSatisfy { line.contains($0) }
            }
            return found != nil
        }
        return found
    }

    package var isRunning: Bool { process.exitStatus == nil }

    package var exitStatus: Int32? { process.exitStatus }

    /// Stops the gate as a service manager does, and returns its exit status.
    @discardableResult
    package func stop() -> Int32? {
        process.stop(within: .seconds(15))
        return process.exitStatus
    }

    /// Ends the gate without any chance to put things in order, as an out-of-memory killer does.
    package func killNow() { process.killNow() }

    /// Writes another policy over the one that the gate began with.
    package func write(policy: String) throws { try folder.write("policy.yaml", policy) }

    /// Where the policy is.
    package var policyPath: String { folder.path + "/policy.yaml" }

    /// Writes the tests beside the policy.
    package func write(tests: String) throws { try folder.write("policy.test.yaml", tests) }

    /// Sends the gate a signal.
    package func send(_ signal: Int32) { process.send(signal) }

    /// Opens a connection to the gate.
    package func connect(receiveBuffer: Int32? = nil) throws -> RawConnection {
        do {
            if let clientSocket {
                return RawConnection(try Socket.connect(toFile: clientSocket))
            }
            return try RawConnection(port: port, receiveBuffer: receiveBuffer)
        } catch {
            guard isRunning else {
                throw SupportError("the gate ended with \(exitStatus ?? -1): \(log.suffix(4_000))")
            }
            throw error
        }
    }

    /// Sends one request on a connection of its own and reads the answer.
    package func exchange(_ request: String, within limit: Duration = .seconds(10)) throws
        -> RawResponse
    {
        let client = try connect()
        try client.send(request)
        return try client.response(toHead: request.hasPrefix("HEAD "), within: limit)
    }
}

extension GateProcess.Configuration {
    /// Writes `ostiary.yaml`, `policy.yaml` and the key files; returns the path of the first.
    package func write(to folder: TemporaryFolder) throws -> String {
        try folder.write("policy.yaml", policy)
        var lines = [
            "version: 1",
            "listeners: [\"127.0.0.1:0\"\(furtherListeners.map { ", \"\($0)\"" }.joined())]",
            "upstreams: {app: {url: \"\(upstreamURL ?? "http://127.0.0.1:\(upstreamPort)")\"}}",
            "policy: policy.yaml",
            "data: data",
            "threads: \(threads)",
            "log: {level: \(logLevel), format: text, access: true}",
        ]
        if !issuerKeys.isEmpty { lines.append("issuers:") }
        for (issuer, keys) in issuerKeys.sorted(by: { $0.key < $1.key }) {
            let name = "keys/\(issuer).jwks.json"
            try folder.write(name, keys)
            lines.append("  \(issuer): {keys: [\(name)]}")
        }
        lines += section("timeouts", timeouts) + section("limits", limits) + self.lines
        return try folder.write("ostiary.yaml", lines.joined(separator: "\n") + "\n")
    }

    private func section(_ name: String, _ entries: [String: String]) -> [String] {
        guard !entries.isEmpty else { return [] }
        let sorted = entries.sorted { $0.key < $1.key }
        return ["\(name): {\(sorted.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"]
    }
}

/// The number after `http://127.0.0.1:`.
func portNumber(in line: String) -> UInt16? {
    guard let start = line.firstRange(of: "http://127.0.0.1:")?.upperBound else { return nil }
    return UInt16(line[start...].prefix { $0.isNumber })
}
