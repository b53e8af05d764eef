import Cryptography
import StrictJSON

/// Every issuer that tokens are accepted from, with its rules and its keys: one immutable snapshot.
///
/// Keys belong to their issuer. There is no way to look a key up without naming one.
package final class KeyRing: Sendable {
    /// One issuer of the ring.
    struct Issuer: Sendable {
        let rules: IssuerRules
        let keys: [VerificationKey]
    }

    let issuers: [Issuer]

    /// No two issuers may have the same issuer string: a token could not be told apart. The policy
    /// refuses such a configuration with its position, before it gets here.
    package init(issuers: [(rules: IssuerRules, keys: KeySet)]) {
        for (index, issuer) in issuers.enumerated() {
            precondition(
                !issuers[..<index].contains {
                    $0.rules.issuer.hasSameBytes(as: issuer.rules.issuer)
                }, "two issuers with one issuer string must have been refused with the policy")
        }
        self.issuers = issuers.map { Issuer(rules: $0.rules, keys: $0.keys.keys) }
    }

    /// The configured issuer of that exact name.
    func index(ofIssuer issuer: String) -> Int? {
        issuers.firstIndex { $0.rules.issuer.hasSameBytes(as: issuer) }
    }
}

extension KeyRing.Issuer {
    /// A token without `kid` is tried against this many keys at most.
    static let maximumCandidateCount = 4

    /// Where the keys lie that a header asks for: the one of that `kid` and algorithm, or, for a
    /// header without `kid` and only where the rules allow it, the keys of its algorithm.
    /// - Throws: `token_unknown_key`; `token_alg` when the `kid` exists for other algorithms only.
    func candidates(for header: TokenHeader) throws(TokenRejection) -> [Int] {
        guard let keyID = header.keyID else { return try candidatesWithoutKeyID(header.algorithm) }
        var isKnownForOtherAlgorithm = false
        for (index, key) in keys.enumerated() {
            guard let candidate = key.keyID, candidate.hasSameBytes(as: keyID) else { continue }
            if key.algorithms.contains(header.algorithm) { return [index] }
            isKnownForOtherAlgorithm = true
        }
        throw isKnownForOtherAlgorithm
            ? TokenRejection(.algorithm, "the key is not for the algorithm of the header")
            : TokenRejection(.unknownKey, "the issuer has no key of this `kid`")
    }

    private func candidatesWithoutKeyID(
        _ algorithm: SignatureAlgorithm
    ) throws(TokenRejection) -> [Int] {
        guard rules.allowMissingKeyID else {
            throw TokenRejection(.unknownKey, "the header has no `kid`")
        }
        let matching = keys.indices.filter { keys[$0].algorithms.contains(algorithm) }
        guard !matching.isEmpty else {
            throw TokenRejection(.unknownKey, "the issuer has no key of this algorithm")
        }
        return Array(matching.prefix(Self.maximumCandidateCount))
    }
}
