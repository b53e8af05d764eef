import TestSupport
import Testing

/// Runs command lines as a user would, in a folder of their own with a home of their own.
final class Shell {
    let folder: TemporaryFolder
    private let programs: String

    init() throws {
        folder = try TemporaryFolder("transcript")
        let program = try BuiltProgram.ostiary.path()
        programs = String(program.prefix(upTo: program.lastIndex(of: "/") ?? program.endIndex))
    }

    /// What a command line left behind.
    struct Outcome {
        let status: Int32
        let output: String
        let error: String
    }

    /// Runs a line of shell, in which `ostiary` is the built program.
    func callAsFunction(_ line: String) throws -> Outcome {
        let script = "cd \(folder.path) && umask 022 && \(line)"
        let process = try ChildProcess(
            "/bin/sh", ["-c", script],
            environment: [
                "HOME": folder.path, "XDG_DATA_HOME": "", "PATH": "\(programs):/usr/bin:/bin",
            ])
        let status = process.exitStatus(within: .seconds(30))
        process.stop()
        return Outcome(
            status: try #require(status, "still running: \(line)"),
            output: process.standardOutput, error: process.standardError)
    }

    /// Expects success without a word on standard error; returns standard output.
    func output(
        _ line: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try self(line)
        #expect(outcome.status == 0, sourceLocation: sourceLocation)
        #expect(outcome.error == "", sourceLocation: sourceLocation)
        return outcome.output
    }

    /// Expects nothing on standard output; returns the status and standard error.
    func failure(
        _ line: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Failure {
        let outcome = try self(line)
        #expect(outcome.output == "", sourceLocation: sourceLocation)
        return Failure(status: outcome.status, error: outcome.error)
    }

    struct Failure: Equatable {
        let status: Int32
        let error: String
    }
}
