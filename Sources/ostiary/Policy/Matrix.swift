import ArgumentParser
import Gateway

extension PolicyCommand {
    struct Matrix: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "matrix", abstract: "Show who may use which route.",
            discussion: """
                A column for strangers (anonymous) and for each role, a row for each route: allow, \
                the status of the refusal (401, 403, 404), or what it depends on. Roles are known \
                there, and all else is not: conditions about the path, other claims, the address or \
                the time remain, as notes.

                  ostiary policy matrix policy.yaml
                  ostiary policy matrix policy.yaml --roles anonymous,viewer
                  ostiary policy matrix policy.yaml --format markdown
                  ostiary policy matrix policy.yaml --format svg > matrix.svg
                """)

        @Argument(
            help: ArgumentHelp(
                "The policy; otherwise the built-in one.", valueName: "file"),
            completion: .file(extensions: ["yaml", "yml"]))
        var file: String?

        @Option(help: ArgumentHelp("text, markdown or svg.", valueName: "format"))
        var format: Format = .text

        @Option(
            help: ArgumentHelp(
                "Columns, separated by commas; otherwise anonymous and all roles.",
                valueName: "names"))
        var roles: String?

        func run() throws {
            print(
                try PolicyMatrixPrinting.run(
                    file, format: format.value,
                    roles: roles.map(Self.names) ?? []))
        }

        private static func names(_ list: String) -> [String] {
            list.split { $0 == "," || $0 == " " }.map(String.init)
        }

        enum Format: String, ExpressibleByArgument, CaseIterable {
            case text, markdown, svg

            var value: PolicyMatrixPrinting.Format {
                switch self {
                case .text: .text
                case .markdown: .markdown
                case .svg: .svg
                }
            }
        }
    }
}
