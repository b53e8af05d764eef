/// What a command that has ended has left.
package struct CommandResult: Sendable {
    package let status: Int32
    package let output: String
    package let error: String

    package init(status: Int32, output: String, error: String) {
        self.status = status
        self.output = output
        self.error = error
    }

    /// The lines on standard error.
    package var complaints: [Substring] { error.split(separator: "\n") }
}

/// Runs the built `ostiary` to its end.
package enum OstiaryCommand {
    /// Throws a `SupportError` when the command does not end in time.
    package static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:],
        within limit: Duration = .seconds(20)
    ) throws -> CommandResult {
        let process = try ChildProcess(
            BuiltProgram.ostiary.path(), arguments, environment: environment, input: input)
        guard let status = process.exitStatus(within: limit) else {
            process.killNow()
            throw SupportError(
                "`ostiary \(arguments.prefix(2).joined(separator: " "))` does not end: "
                    + process.standardError)
        }
        return CommandResult(
            status: status, output: process.standardOutput, error: process.standardError)
    }
}

extension GateProcess {
    /// Runs a command with the gate's configuration, whether the gate runs or not.
    package func command(
        _ arguments: [String], input: String = "", within limit: Duration = .seconds(20)
    ) throws -> CommandResult {
        try OstiaryCommand.run(
            arguments + ["--config", configurationFile], input: input, within: limit)
    }
}
