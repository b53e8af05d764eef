import AccessPolicy
import Cryptography
import Testing

/// A policy names algorithms without knowing the module that implements them.
@Suite struct AlgorithmNameTests {
    @Test("a policy can name exactly the algorithms that the verifier has, by all their names")
    func sameNames() {
        let names = SignatureAlgorithm.allCases.flatMap(\.names)
        #expect(Set(PolicyIssuer.supportedAlgorithms) == Set(names))
        #expect(PolicyIssuer.supportedAlgorithms.count == names.count)
    }

    @Test(
        "policy and verifier agree on which algorithms have a secret",
        arguments: PolicyIssuer.supportedAlgorithms)
    func sameKinds(name: String) throws {
        let algorithm = try #require(SignatureAlgorithm(joseName: name))
        let policy = try PolicySet.load(
            """
            version: 1
            issuers: {a: {issuer: i, audience: a, algorithms: \(name)}}
            routes: []
            """, file: "policy.yaml")
        #expect(policy.issuers.first?.usesSecrets == algorithm.isSymmetric)
    }
}
