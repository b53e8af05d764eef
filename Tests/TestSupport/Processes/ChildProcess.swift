import Foundation
import Glibc

/// A program that a test started, with all it wrote; it never outlives the test run.
package final class ChildProcess: Sendable {
    package let pid: Int32

    private struct State {
        var standardOutput: [UInt8] = []
        var standardError: [UInt8] = []
        var openStreams = 2
        var exitStatus: Int32?
    }
    private let state = Locked(State())

    /// Starts a program without a shell. Its environment is ours plus `environment`; it reads `input`,
    /// at most what a pipe holds (64 KiB), from its standard input.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:],
        input: String = ""
    ) throws {
        let source = try ChildPipe(holding: Array(input.utf8))
        let output = try ChildPipe()
        let errors = try ChildPipe()
        defer { for end in [output.writeEnd, errors.writeEnd, source.readEnd] { close(end) } }
        let spawn = Spawn(
            program: program, arguments: arguments,
            environment: ChildProcess.inheritedEnvironment.merging(environment) { $1 })
        pid = try spawn.run(
            input: source.readEnd, output: output.writeEnd, error: errors.writeEnd)
        ProcessGuard.shared.adopted(pid)
        collect(output.readEnd) { $0.standardOutput += $1 }
        collect(errors.readEnd) { $0.standardError += $1 }
        Thread.detachNewThread { [self] in
            awaitEnd(of: pid)
            state.withLock { $0.exitStatus = reap(pid) }
            ProcessGuard.shared.released(pid)
        }
    }

    package var standardError: String {
        let bytes = state.withLock { $0.standardError }
        return String(decoding: bytes, as: UTF8.self)
    }

    package var standardOutput: String {
        let bytes = state.withLock { $0.standardOutput }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The exit status, 128 + signal for a killed process; nil while it runs.
    package var exitStatus: Int32? { state.withLock { $0.exitStatus } }

    /// Waits for the exit and for the last output; nil when it still runs at the end of the time.
    package func exitStatus(within limit: Duration) -> Int32? {
        _ = Deadline.after(limit).waits {
            state.withLock { $0.exitStatus != nil && $0.openStreams == 0 }
        }
        return exitStatus
    }

    /// Sends SIGTERM, and SIGKILL when the process has not gone in time.
    package func stop(within limit: Duration = .seconds(5)) {
        send(SIGTERM)
        if exitStatus(within: limit) == nil { killNow() }
    }

    /// Sends SIGKILL and waits for the end.
    package func killNow() {
        send(SIGKILL)
        _ = exitStatus(within: .seconds(5))
    }

    /// Sends a signal, unless the process is gone (its id may be another's by now).
    package func send(_ signal: Int32) {
        state.withLock { if $0.exitStatus == nil { _ = kill(pid, signal) } }
    }

    private func collect(
        _ descriptor: Int32, into append: @escaping @Sendable (inout State, [UInt8]) -> Void
    ) {
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = unsafe read(descriptor, &buffer, buffer.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { break }
                state.withLock { append(&$0, Array(buffer[..<count])) }
            }
            close(descriptor)
            state.withLock { $0.openStreams -= 1 }
        }
    }

    /// Ours without what would configure the programs under test.
    private static let inheritedEnvironment = ProcessInfo.processInfo.environment.filter {
        !$0.key.hasPrefix("OSTIARY_") && $0.key != "PORT"
    }
}

extension ChildProcess {
    /// Waits for a whole line on either stream.
    ///
    /// Throws a `SupportError` with all the output when the process ends first or the time is over.
    package func line(containing text: String, within limit: Duration) throws -> String {
        var found: String?
        _ = Deadline.after(limit).waits {
            let ended = exitStatus != nil
            let complete = [standardOutput, standardError].flatMap {
                $0.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            }
            found = complete.first { $0.contains(text) }.map(String.init)
            return found != nil || ended
        }
        if let found { return found }
        let state = exitStatus.map { "ended with status \($0)" } ?? "is still running"
        throw SupportError(
            "no line with `\(text)`: the process \(state)\n\(standardOutput)\(standardError)")
    }
}
