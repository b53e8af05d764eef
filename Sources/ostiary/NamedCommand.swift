import ArgumentParser
import Gateway

/// What a command line names, as far as its words are commands.
struct NamedCommand {
    /// For example `ostiary token mint`.
    private(set) var words = "ostiary"
    private let subcommands: [String]
    /// What stands behind them.
    private let rest: ArraySlice<String>

    init(_ arguments: [String]) {
        var command: any ParsableCommand.Type = Ostiary.self
        var rest = arguments.dropFirst()
        while let argument = rest.first {
            let next = command.configuration.subcommands.first { subcommand in
                subcommand.configuration.commandName == argument
            }
            guard let next else { break }
            words += " \(argument)"
            command = next
            rest = rest.dropFirst()
        }
        self.rest = rest
        subcommands = command.configuration.subcommands.compactMap { subcommand in
            subcommand.configuration.commandName
        }
    }

    /// What was probably meant, where ArgumentParser does not say it.
    var advice: String? {
        if !subcommands.isEmpty {
            guard let word = rest.first, !word.hasPrefix("-") else { return nil }
            return CommandSuggestion.text(for: word, among: subcommands)
        }
        guard words == "ostiary policy explain" else { return nil }
        // The other tools take the policy without an option.
        let file = rest.indices.first { index in
            let isPolicy = rest[index].hasSuffix(".yaml") || rest[index].hasSuffix(".yml")
            return isPolicy && (index == rest.startIndex || rest[index - 1] != "--policy")
        }
        return file.map { "name the policy with `--policy \(rest[$0])`" }
    }
}
