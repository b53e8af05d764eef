import ArgumentParser
import Gateway

/// How each error leaves the program: lines on standard error and an exit status.
enum Failure {
    static func exit(with error: any Error) -> Never {
        if let failure = error as? CommandFailure {
            for line in failure.lines { StandardError.write("ostiary: \(line)") }
            Ostiary.exit(withError: ExitCode(failure.status.rawValue))
        }
        // Help, version and completion scripts come as errors too, and an exit status of its own has
        // nothing to add.
        if error is ExitCode || Ostiary.exitCode(for: error) == .success {
            Ostiary.exit(withError: error)
        }
        let isUsage = Ostiary.exitCode(for: error) == .validationFailure
        let message = Ostiary.message(for: error)
        StandardError.write("ostiary: \(isUsage ? usage(message) : message)")
        Ostiary.exit(withError: isUsage ? ExitCode.validationFailure : ExitCode.failure)
    }

    /// ArgumentParser's sentences in the form of our own messages.
    private static func usage(_ message: String) -> String {
        let sentences = message.split(separator: "\n").map { line in
            var line = line.replacing("'", with: "`").replacing(". Did", with: "; did")
            if line.hasSuffix(".") { line.removeLast() }
            return line.prefix(1).lowercased() + line.dropFirst()
        }
        return sentences.joined(separator: "; ") + "; see `\(commandWords()) --help`"
    }

    /// The command as far as the arguments name one, for example `ostiary token mint`.
    private static func commandWords() -> String {
        var words = ["ostiary"]
        var command: any ParsableCommand.Type = Ostiary.self
        for argument in CommandLine.arguments.dropFirst() {
            let subcommands = command.configuration.subcommands
            guard let next = subcommands.first(where: { $0.configuration.commandName == argument })
            else { break }
            words.append(argument)
            command = next
        }
        return words.joined(separator: " ")
    }
}
