import Foundation
import TestSupport
import Testing

@Suite("Policy files in canonical form", .blocking)
struct PolicyFormattingTests {
    private let shell: Shell

    init() throws { shell = try Shell() }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: "\(shell.folder.path)/\(name)"))
    }

    private func read(_ name: String) throws -> String {
        try String(contentsOf: URL(filePath: "\(shell.folder.path)/\(name)"), encoding: .utf8)
    }

    private static let untidy = """
        # who may do what
        version: 1
        routes:
        - { id: a, match: 'GET /a' , auth: public }   # first
        """
    private static let tidy = """
        # who may do what
        version: 1

        routes:
          - {id: a, match: "GET /a", auth: public}  # first

        """

    @Test(
        "--help teaches with an example, on standard output",
        arguments: [
            ("fmt", "ostiary policy fmt --check policies/*.yaml"),
            ("schema", "# yaml-language-server: $schema=policy.schema.json"),
        ])
    func help(command: String, example: String) throws {
        let help = try shell.output("ostiary policy \(command) --help")
        #expect(help.contains(example))
        #expect(help.contains("USAGE: ostiary policy \(command)"))
    }

    @Test("fmt replaces what is not canonical, keeps the file's mode, and then has nothing to do")
    func format() throws {
        try write(Self.untidy, to: "p.yaml")
        #expect(
            try shell.output("chmod 640 p.yaml; ostiary policy fmt p.yaml") == "formatted p.yaml\n")
        #expect(try read("p.yaml") == Self.tidy)
        #expect(try shell.output("stat -c %a p.yaml; ls") == "640\np.yaml\n")
        #expect(
            try shell.output("ostiary policy fmt p.yaml && ostiary policy fmt --check p.yaml") == ""
        )
    }

    @Test("fmt --check names each file, exits with 1 and changes nothing")
    func check() throws {
        try write(Self.untidy, to: "p.yaml")
        try write(Self.tidy, to: "q.yaml")
        #expect(
            try shell.failure("ostiary policy fmt --check q.yaml p.yaml")
                == .init(
                    status: 1,
                    error: "ostiary: p.yaml is not in canonical form; write it anew with "
                        + "`ostiary policy fmt p.yaml`\n"))
        #expect(try read("p.yaml") == Self.untidy)
    }

    @Test("fmt replaces the file behind a symbolic link, not the link")
    func link() throws {
        try write(Self.untidy, to: "p.yaml")
        #expect(
            try shell.output("ln -s p.yaml link; ostiary policy fmt link; readlink link")
                == "formatted link\np.yaml\n")
        #expect(try read("p.yaml") == Self.tidy)
    }

    @Test("fmt - formats standard input to standard output")
    func input() throws {
        try write(Self.untidy, to: "p.yaml")
        #expect(try shell.output("ostiary policy fmt - < p.yaml") == Self.tidy)
    }

    @Test("fmt leaves a file with errors alone and shows them, and formats the others")
    func errors() throws {
        try write(Self.untidy, to: "p.yaml")
        try write("version: 1\nroutes: [ {id: a} ]\n", to: "q.yaml")
        let outcome = try shell("ostiary policy fmt q.yaml p.yaml")
        #expect(outcome.status == 1)
        #expect(outcome.error.hasPrefix("ostiary: q.yaml:2:11: missing key `match` in `routes`"))
        #expect(outcome.output == "formatted p.yaml\n")
        #expect(try read("q.yaml") == "version: 1\nroutes: [ {id: a} ]\n")
    }

    @Test("schema prints the schemas that are kept beside the policies")
    func schema() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        for (line, name) in [("", "policy"), (" --tests", "policy-test")] {
            let file = root.appending(path: "policies/\(name).schema.json")
            #expect(
                try shell.output("ostiary policy schema\(line)")
                    == String(contentsOf: file, encoding: .utf8))
        }
    }
}
