import ArgumentParser
import Gateway

extension PolicyCommand {
    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "test", abstract: "Run the tests that stand beside policies.",
            discussion: """
                The tests of app.yaml are in app.test.yaml: people with their claims, requests with \
                what is to become of them, and the whole table of roles and routes as a file to be \
                reviewed.

                  as:
                    alice: {sub: alice, roles: [viewer]}
                  cases:
                    - {as: alice, GET: /, expect: allow}
                    - {as: alice, POST: /admin, expect: deny, reason: role_missing}
                    - {as: anonymous, GET: /, expect: 401}
                  matrix: {golden: app.matrix.txt}

                A case may also name the route that must be selected (`route`), headers that the app \
                must be told (`upstream_headers`), and the request's `host`, `ip` and time (`at`). \
                Prints each case that fails with its place, and exits with 1 if there is any.

                  ostiary policy test policies/
                  ostiary policy test app.yaml --junit results.xml
                  ostiary policy test app.yaml --update
                """)

        @Argument(
            help: ArgumentHelp(
                "Policies, their tests, or folders of both; otherwise the current folder.",
                valueName: "path"),
            completion: .file(extensions: ["yaml", "yml"]))
        var paths: [String] = []

        @Option(
            help: ArgumentHelp("Also write the results as JUnit XML.", valueName: "file"),
            completion: .file())
        var junit: String?

        @Flag(help: "Write matrices that differ instead of failing, to be reviewed as a change.")
        var update = false

        func run() throws {
            let testing = try PolicyTesting(paths, updates: update)
            for line in testing.lines { print(line) }
            if let junit { try testing.writeReport(to: junit) }
            if let failure = testing.failure { throw failure }
        }
    }
}
