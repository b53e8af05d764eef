import ArgumentParser
import Gateway

extension PolicyCommand {
    struct Format: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "fmt", abstract: "Write policy files in canonical form.",
            discussion: """
                Sections in the documented order with an empty line between them, two columns of \
                indentation, one-line routes under each other like a table. Every comment and the \
                meaning are kept. A file with errors is left alone; a good one is replaced at once.

                  ostiary policy fmt policy.yaml policy.test.yaml
                  ostiary policy fmt --check policies/*.yaml
                  ostiary policy fmt - < policy.yaml
                """)

        @Flag(
            help: "Change nothing; exit with 1 and name the files that are not in canonical form.")
        var check = false

        @Argument(
            help: ArgumentHelp(
                "Policy files, and files of tests (*.test.yaml); - is a policy on standard input.",
                valueName: "file"),
            completion: .file(extensions: ["yaml", "yml"]))
        var files: [String]

        func run() throws {
            var messages: [CommandFailure.Message] = []
            for file in files {
                do throws(CommandFailure) {
                    if let text = try PolicyFormatting.run(file, checks: check) { print(text) }
                } catch {
                    messages += error.messages
                }
            }
            guard messages.isEmpty else { throw CommandFailure(messages) }
        }
    }
}
