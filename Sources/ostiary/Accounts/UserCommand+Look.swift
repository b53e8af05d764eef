import ArgumentParser
import Gateway

extension UserCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List all accounts, in order of their user names.",
            discussion: """
                  ostiary user list
                  ostiary user list --json | python3 -m json.tool
                """)

        @Flag(help: "Print a JSON array, with the members that the API has.")
        var json = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            for line in try await commands.list(asJSON: json) { print(line) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Show one account.",
            discussion: """
                  ostiary user show alice
                  ostiary user show alice@example.com --json
                """)

        @OptionGroup var selector: AccountSelector

        @Flag(help: "Print a JSON object, with the members that the API has.")
        var json = false

        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            for line in try await commands.show(selector.account, asJSON: json) { print(line) }
        }
    }
}
