import ArgumentParser
import Gateway

struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy", abstract: "Work on policy files.",
        discussion: """
            A policy is a YAML file that says who may do what. A round of work on one, before \
            `ostiary serve --policy policy.yaml` takes it:

              ostiary policy check policy.yaml
              ostiary policy test policy.yaml
              ostiary policy matrix policy.yaml
              ostiary policy explain --policy policy.yaml --role viewer GET /x
            """,
        subcommands: [
            Check.self, Test.self, Explain.self, Matrix.self, Format.self, Schema.self,
        ])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Check policy files and show their routes.",
            discussion: """
                Reports every error of a file with its place, the line and what to do, and exits with 1 \
                if there is any. For a good file it prints each route: its name, its methods, \
                its path, and who may use it. What no route allows is denied.

                Warnings are about what a policy can hardly mean: routes that change nothing, roles \
                that nobody has, claims that nothing uses, openings below what is closed.

                  ostiary policy check policy.yaml
                  ostiary policy check --strict policy.yaml
                  ostiary policy check policies/*.yaml
                """)

        @Flag(help: "Exit with 1 for warnings, too.")
        var strict = false

        @Argument(
            help: ArgumentHelp("Policy files.", valueName: "file"),
            completion: .file(extensions: ["yaml", "yml"]))
        var files: [String]

        func run() throws {
            var messages: [CommandFailure.Message] = []
            for file in files {
                do throws(CommandFailure) {
                    let check = try PolicyCheck(file)
                    for line in check.lines { print(line) }
                    if strict {
                        messages += check.warnings
                    } else {
                        for warning in check.warnings { warning.show() }
                    }
                } catch {
                    messages += error.messages
                }
            }
            guard messages.isEmpty else { throw CommandFailure(messages) }
        }
    }
}
