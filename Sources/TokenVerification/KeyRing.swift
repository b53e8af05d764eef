import Cryptography
import StrictJSON

/// Every issuer that tokens are accepted from, with its rules and its keys: one immutable snapshot.
///
/// Keys belong to their issuer. There is no way to look a key up without naming one.
package final class KeyRing: Sendable {
    let issuers: [Issuer]
    private let epochs: Set<UInt64>

    /// A ring of configured keys that never change.
    package convenience init(issuers: [(rules: IssuerRules, keys: KeySet)]) {
        self.init(issuers: issuers.map { ($0.rules, $0.keys, .fixed) })
    }

    /// No two issuers may have the same issuer string: a token could not be told apart. The policy
    /// refuses such a configuration with its position, before it gets here.
    ///
    /// Of an issuer that is `.unavailable` the keys are not taken.
    @_disfavoredOverload  // so that an empty list of issuers is not ambiguous
    package convenience init(
        issuers: [(rules: IssuerRules, keys: KeySet, availability: KeyAvailability)]
    ) {
        for (index, issuer) in issuers.enumerated() {
            precondition(
                !issuers[..<index].contains {
                    $0.rules.issuer.hasSameBytes(as: issuer.rules.issuer)
                }, "two issuers with one issuer string must have been refused with the policy")
        }
        self.init(
            issuers: issuers.map {
                Issuer(rules: $0.rules, keys: $0.keys, availability: $0.availability)
            })
    }

    private init(issuers: [Issuer]) {
        self.issuers = issuers
        epochs = Set(issuers.flatMap { $0.keys.map(\.epoch) })
    }

    /// The same ring with other keys of one issuer; all other issuers, and every issuer's rules, stay.
    /// `issuerName` is the issuer's name in the policy; the ring stays as it is when it has no such
    /// issuer.
    package func replacing(
        issuerName: String, keys: KeySet, availability: KeyAvailability
    ) -> KeyRing {
        KeyRing(
            issuers: issuers.map { issuer in
                guard issuer.rules.name.hasSameBytes(as: issuerName) else { return issuer }
                return Issuer(rules: issuer.rules, keys: keys, availability: availability)
            })
    }

    /// Whether a key of that epoch may still be relied on: what was verified with any other must be
    /// verified again.
    package func holdsKey(epoch: UInt64) -> Bool { epochs.contains(epoch) }

    /// What is known about the keys of the issuer of that name in the policy; nil: no such issuer.
    package func availability(issuerName: String) -> KeyAvailability? {
        issuers.first { $0.rules.name.hasSameBytes(as: issuerName) }?.availability
    }
}

extension KeyRing {
    /// One issuer of the ring.
    final class Issuer: Sendable {
        let rules: IssuerRules
        let keys: [VerificationKey]
        let availability: KeyAvailability
        let requiredClaims: [JSONName]

        init(rules: IssuerRules, keys: KeySet, availability: KeyAvailability) {
            self.rules = rules
            self.keys = availability == .unavailable ? [] : keys.keys
            self.availability = availability
            requiredClaims = rules.requiredClaims.map { JSONName($0) }
        }
    }
}

extension KeyRing.Issuer {
    /// A token without `kid` is tried against this many keys at most.
    static let maximumCandidateCount = 4

    /// Where the keys lie that a token asks for: the one of its `kid` and algorithm, or, for a
    /// header without `kid` and only where the rules allow it, the keys of its algorithm.
    /// - Throws: `token_unknown_key`; `keys_unavailable` where a fetch that failed might have brought
    ///   the key; `token_alg` when the `kid` exists for other algorithms only.
    func candidates(
        for header: TokenHeader, signature: Span<UInt8>
    ) throws(TokenRejection) -> [Int] {
        if header.keyID == nil, !rules.allowMissingKeyID {
            throw TokenRejection(.unknownKey, "the header has no `kid`")
        }
        guard availability != .unavailable else {
            throw unavailable(missingKey(header, signature))
        }
        guard let keyID = header.keyID else {
            return try candidatesWithoutKeyID(header, signature)
        }
        var isKnownForOtherAlgorithm = false
        for (index, key) in keys.enumerated() {
            guard let candidate = key.keyID, candidate.hasSameBytes(as: keyID) else { continue }
            if key.algorithms.contains(header.algorithm) { return [index] }
            isKnownForOtherAlgorithm = true
        }
        if isKnownForOtherAlgorithm {
            throw TokenRejection(
                .algorithm, "the key is not for the algorithm of the header",
                missingKey: missingKey(header, signature))
        }
        throw unknownKey(
            "the issuer has no key of this `kid`", missingKey(header, signature))
    }

    private func candidatesWithoutKeyID(
        _ header: TokenHeader, _ signature: Span<UInt8>
    ) throws(TokenRejection) -> [Int] {
        let matching = keys.indices.filter { keys[$0].algorithms.contains(header.algorithm) }
        guard !matching.isEmpty else {
            throw unknownKey(
                "the issuer has no key of this algorithm", missingKey(header, signature))
        }
        return Array(matching.prefix(Self.maximumCandidateCount))
    }

    /// What a fetch may bring for this token; nil where none can.
    func missingKey(_ header: TokenHeader, _ signature: Span<UInt8>) -> MissingKey? {
        guard availability != .fixed else { return nil }
        let name =
            if let keyID = header.keyID {
                KeyName(keyID: keyID, algorithm: header.algorithm)
            } else {
                KeyName(signature: signature, algorithm: header.algorithm)
            }
        return MissingKey(issuerName: rules.name, name: name)
    }

    /// While the last refresh has failed, nobody knows whether a key is unknown to the issuer or only
    /// to us, and a client must not be told that its token is bad.
    private func unknownKey(_ detail: StaticString, _ missing: MissingKey?) -> TokenRejection {
        switch availability {
        case .fixed, .current: TokenRejection(.unknownKey, detail, missingKey: missing)
        case .doubtful, .unavailable: unavailable(missing)
        }
    }

    private func unavailable(_ missing: MissingKey?) -> TokenRejection {
        TokenRejection(
            .keysUnavailable, "the issuer's keys could not be fetched", missingKey: missing)
    }
}
