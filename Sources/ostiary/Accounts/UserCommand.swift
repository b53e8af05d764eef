import ArgumentParser

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Make accounts, look at them, change them.",
        discussion: """
            The accounts are those of the policy's embedded issuer, in the data folder. Pass the \
            same --config, --policy, --set and variables as to `ostiary serve`: a server that runs \
            is asked to do the work and knows of it at once; while none runs, it is done in the \
            data folder itself.

              ostiary user superuser root --email root@example.com
              ostiary user create alice --email alice@example.com --role viewer
              ostiary user list
              ostiary user show alice

            An account is named by its user name, e-mail address or ID.
            """,
        subcommands: [
            Superuser.self, Create.self, List.self, Show.self, Change.self, SetPassword.self,
            Disable.self, Enable.self,
        ])
}
