import ArgumentParser
import Gateway

struct RoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role", abstract: "Say who has which role of the policy.",
        discussion: """
            What a role may do is written in the policy. Pass the same --config, --policy, --set \
            and variables as to `ostiary serve`.

              ostiary role list
              ostiary role grant editor alice
              ostiary role revoke editor alice
            """,
        subcommands: [Grant.self, Revoke.self, List.self])

    struct Grant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "grant", abstract: "Give an account a role.",
            discussion: """
                  ostiary role grant editor alice

                Whoever is signed in has it from their next access token on, which comes with the \
                next refresh, or when they sign in again.
                """)

        @Argument(help: ArgumentHelp("A role of the policy.", valueName: "role"))
        var role: String

        @OptionGroup var selector: AccountSelector
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            print(try await commands.grant(role, to: selector.account))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke", abstract: "Take a role from an account.",
            discussion: """
                  ostiary role revoke editor alice

                Access tokens that are out keep it until they expire, after `sessions.access_token` \
                at the latest. To end it at once: `ostiary user disable`.
                """)

        @Argument(help: ArgumentHelp("A role that the account has.", valueName: "role"))
        var role: String

        @OptionGroup var selector: AccountSelector
        @OptionGroup var options: ConfigurationOptions

        func run() async throws {
            var commands = try AccountCommands(options.sources())
            defer { commands.close() }
            print(try await commands.revoke(role, from: selector.account))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the roles that the policy declares.",
            discussion: """
                  ostiary role list --policy policy.yaml
                """)

        @OptionGroup var options: ConfigurationOptions

        func run() throws {
            for role in try AccountCommands(options.sources()).roles { print(role) }
        }
    }
}
