import ArgumentParser
import Gateway

/// How each error leaves the program: lines on standard error and an exit status.
enum Failure {
    static func exit(with error: any Error) -> Never {
        try? StandardOutput.flush()
        if let failure = error as? CommandFailure {
            for message in failure.messages { message.show() }
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
        var sentences = ""
        for line in message.split(separator: "\n") {
            var line = quoted(line.drop { $0 == " " }).replacing(". Did", with: "; did")
            while line.last == " " || line.last == "." { line.removeLast() }
            if sentences.hasSuffix(":") {
                sentences += " " + line.split(separator: " ").joined(separator: ", ")
            } else {
                if !sentences.isEmpty { sentences += "; " }
                sentences += lowercased(line)
            }
        }
        let line = NamedCommand(CommandLine.arguments)
        if let advice = line.advice { sentences += "; \(advice)" }
        return sentences + "; see `\(line.words) --help`"
    }

    /// With a small first letter; abbreviations and names such as OpenSSL stay what they are.
    private static func lowercased(_ line: String) -> String {
        let first = line.prefix { $0 != " " }.dropFirst()
        guard first.allSatisfy({ !$0.isUppercase }) else { return line }
        return line.prefix(1).lowercased() + line.dropFirst()
    }

    /// With backticks for quotation marks; an apostrophe inside a word stays.
    private static func quoted(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let character = rest.popFirst() {
            let isInside =
                result.last?.isLetter == true && rest.first?.isLetter == true
            result.append(character == "'" && !isInside ? "`" : character)
        }
        return result
    }
}

extension CommandFailure.Message {
    /// Writes it to standard error.
    func show() {
        try? StandardOutput.flush()
        StandardError.write("ostiary: \(text)")
        for line in excerpt { StandardError.write(line) }
    }
}
