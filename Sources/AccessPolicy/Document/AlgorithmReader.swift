import StrictYAML

/// Reads `issuers.<name>.algorithms`.
enum AlgorithmReader {
    static func read(
        _ reader: MappingReader, embedded: Bool, _ sink: DiagnosticSink
    ) -> [String] {
        guard let node = reader.node("algorithms") else {
            return embedded ? [] : PolicyIssuer.defaultAlgorithms
        }
        let names = node.locatedStrings(reader.name("algorithms"), sink)
        for name in names where !PolicyIssuer.supportedAlgorithms.contains(name.value) {
            sink.report(
                "wrong_value", at: name.position,
                "`\(name.value)` is no algorithm that is accepted",
                suggestion: didYouMean(name.value, in: PolicyIssuer.supportedAlgorithms))
        }
        checkSecrets(names, embedded: embedded, sink)
        return reader.nonEmptyList("algorithms", sink) ?? []
    }

    /// A verifier that takes both kinds from one issuer can be made to use a public key as the secret.
    /// Keys and secrets are told apart anyway; an issuer that needs both does not exist.
    private static func checkSecrets(
        _ names: [Located<String>], embedded: Bool, _ sink: DiagnosticSink
    ) {
        let known = names.filter { PolicyIssuer.supportedAlgorithms.contains($0.value) }
        guard let secret = known.first(where: { PolicyIssuer.isSymmetric($0.value) }) else {
            return
        }
        if embedded {
            sink.report(
                "wrong_value", at: secret.position,
                "the embedded issuer signs with keys of its own, never with a secret: "
                    + "`\(secret.value)` cannot occur",
                suggestion: "remove `algorithms`")
        } else if let pair = known.first(where: { !PolicyIssuer.isSymmetric($0.value) }) {
            let isFirst = known.first?.value == secret.value
            let (first, second) = isFirst ? (secret, pair) : (pair, secret)
            sink.report(
                "mixed_algorithms", at: second.position,
                "`\(second.value)` beside `\(first.value)`: an issuer signs either with a secret "
                    + "(`HS…`) or with a key pair",
                suggestion: "name the one kind that it uses")
        }
    }
}
