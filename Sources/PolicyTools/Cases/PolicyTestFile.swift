package import AccessPolicy
package import StrictYAML

/// The tests that stand beside a policy, `name.test.yaml` beside `name.yaml`.
package struct PolicyTestFile: Sendable {
    package let people: [PolicyPerson]
    package let cases: [PolicyCase]
    package let matrix: MatrixRequest?

    /// The whole role × route table, compared with a file.
    package struct MatrixRequest: Sendable {
        /// Empty: anonymous and every role of the policy.
        package let roles: [String]
        /// The name of the file, relative to the test file.
        package let golden: String
        package let position: SourcePosition
    }

    /// Reads a test file.
    ///
    /// - Parameters:
    ///   - text: of the test file.
    ///   - file: its name, for messages.
    ///   - policy: the policy that the cases are about; names in them must be its.
    /// - Returns: the tests, of which every name is one of the policy.
    /// - Throws: everything that is wrong with the file.
    package static func load(
        _ text: String, file: String, policy: PolicySet
    ) throws(Diagnostics) -> PolicyTestFile {
        let root = try YAMLReader.read(
            text, file: file, least: "cases: […]` or `matrix: {golden: matrix.txt}")
        let sink = DiagnosticSink()
        let tests = PolicyTestFile(root, policy, sink)
        try sink.throwIfAny()
        return tests
    }

    private init(_ root: YAMLNode, _ policy: PolicySet, _ sink: DiagnosticSink) {
        let file = MappingReader(root, keys: ["as", "cases", "matrix"], sink)
        let people = (file?.entries("as") ?? []).compactMap { entry in
            PersonReader.read(entry, policy, sink)
        }
        self.people = people
        cases = (file?.list("cases") ?? []).compactMap { node in
            CaseReader(people, policy, sink).read(node)
        }
        matrix = file?.mapping("matrix", keys: ["roles", "golden"]).flatMap { reader in
            Self.matrix(reader, policy, sink)
        }
        if let file, !file.has("matrix"), Self.isEmpty(file.node("cases")) {
            sink.report(
                "missing_key", at: file.position, "the file tests nothing",
                suggestion: "write `cases: […]`, or `matrix: {golden: matrix.txt}`")
        }
    }

    private static func isEmpty(_ cases: YAMLNode?) -> Bool {
        guard let cases else { return true }
        if case .sequence(let cases) = cases.content { return cases.isEmpty }
        return false
    }

    private static func matrix(
        _ reader: MappingReader, _ policy: PolicySet, _ sink: DiagnosticSink
    ) -> MatrixRequest? {
        let roles = reader.node("roles")?.strings("matrix.roles", sink) ?? []
        for role in roles where role != "anonymous" && !policy.roleNames.contains(role) {
            sink.report(
                "unknown_role", at: reader.node("roles")?.position,
                "role `\(role)` is not declared by the policy",
                suggestion: didYouMean(role, in: ["anonymous"] + policy.roleNames))
        }
        guard let golden = reader.required("golden")?.string("matrix.golden", sink) else {
            return nil
        }
        return MatrixRequest(
            roles: roles, golden: golden,
            position: reader.node("golden")?.position ?? reader.position)
    }
}
