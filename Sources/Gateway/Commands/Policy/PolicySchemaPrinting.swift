import PolicyTools

/// `ostiary policy schema`: the JSON Schema of policy files, or of the tests beside them.
package enum PolicySchemaPrinting {
    /// The text without its last line feed.
    package static func run(tests: Bool) -> String {
        String((tests ? PolicySchema.testsJSON : PolicySchema.json).dropLast())
    }
}
