import ArgumentParser
import Gateway

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check the configuration and list its settings.",
        subcommands: [Check.self, Reference.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check configuration, policy and keys as `serve` would load them.",
            discussion: """
                Opens no socket and makes no file. Reports every error with its place, its \
                variable or its flag, and exits with 78 if there is any.

                  ostiary config check --config ostiary.yaml
                """)

        @Option(
            help: ArgumentHelp("Where the app listens, http://host:port.", valueName: "url"))
        var upstream: String?

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            for line in try ConfigurationCheck.run(options.sources(upstream: upstream)) {
                print(line)
            }
        }
    }

    struct Reference: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "reference",
            abstract: "List all settings with their variables, types, defaults and meanings.",
            discussion: """
                  ostiary config reference | less
                  ostiary config reference --markdown
                """)

        @Flag(help: "Print the table of docs/configuration.md.")
        var markdown = false

        func run() throws {
            print(
                markdown ? SettingsReference.markdown : SettingsReference.text, terminator: "")
        }
    }
}
