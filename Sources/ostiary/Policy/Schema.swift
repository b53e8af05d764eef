import ArgumentParser
import Gateway

extension PolicyCommand {
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of policy files.",
            discussion: """
                Editors with a YAML language server complete and explain keys with it, and mark \
                what is wrong while you type. Save it beside the policy and begin the policy with

                  # yaml-language-server: $schema=policy.schema.json

                Examples:

                  ostiary policy schema > policy.schema.json
                  ostiary policy schema --tests > policy-test.schema.json
                """)

        @Flag(help: "The schema of the tests beside a policy, *.test.yaml.")
        var tests = false

        func run() {
            print(PolicySchemaPrinting.run(tests: tests))
        }
    }
}
