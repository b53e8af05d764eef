import ArgumentParser
import Gateway

@main
struct Ostiary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ostiary",
        abstract: "A doorkeeper in front of your data app: verifies tokens, decides by roles.",
        discussion: """
            Ostiary stands between the network and an app that has no access control of its own. \
            It verifies the bearer token of each request, asks a policy file whether that person \
            may do this, and forwards only what is allowed.

            Try it with an app on port 8050, in two terminals:

              ostiary serve --upstream http://127.0.0.1:8050
              token=$(ostiary token mint --sub alice --role viewer)
              curl -H "Authorization: Bearer $token" http://127.0.0.1:8080/

            People get accounts, and sign in for their tokens: see `ostiary user --help`.

            Exit status: 0 done, 1 a check failed or the work could not be done, 64 wrong command \
            line, 78 wrong configuration or policy. Errors are on standard error, with the line of a \
            file that they are about.

            Shell completion: ostiary --generate-completion-script bash (or zsh, fish).
            """,
        version: ostiaryVersion,
        subcommands: [
            Serve.self, UserCommand.self, RoleCommand.self, PolicyCommand.self,
            KeysCommand.self, TokenCommand.self, ConfigCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            try finishOutput()
        } catch {
            Failure.exit(with: error)
        }
    }

    /// What is printed into a full disk must not look as if it had been written.
    private static func finishOutput() throws {
        do {
            try StandardOutput.flush()
        } catch {
            throw CommandFailure("cannot write to standard output: \(error)")
        }
    }
}
