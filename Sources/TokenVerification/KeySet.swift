import Cryptography
import StrictJSON

/// The keys of one issuer, parsed and checked once. Immutable.
package struct KeySet: Sendable {
    /// More keys than any issuer publishes.
    package static let maximumKeyCount = 256

    package let keys: [VerificationKey]
    package let skipped: [SkippedKey]

    /// Whether nothing can be verified with it.
    package var isEmpty: Bool { keys.isEmpty }

    /// Reads a JWK set (RFC 7517 § 5) of public keys.
    ///
    /// Keys that are of an unknown type, broken, or not for verifying are skipped, each with its
    /// reason in `skipped`; `keys` may thus be empty.
    /// - Throws: `KeySetError` for a set that is too large, no key set at all, holds a private or
    ///   symmetric key (its owner has published a secret), or two keys of one `kid` and algorithm.
    package init(jwks: Span<UInt8>) throws(KeySetError) {
        guard let elements = try Self.document(jwks)["keys"]?.array else {
            throw KeySetError(.malformed)
        }
        for (index, element) in elements.enumerated() {
            guard !KeySetElement(value: element).isSecret else {
                throw KeySetError(.secretMember, "key \(index + 1)")
            }
        }
        try self.init(elements) { element throws(UnusableKey) in try element.publicKey() }
    }

    /// Reads one public key or certificate in PEM. Without a key ID it gets its RFC 7638 thumbprint.
    /// - Throws: `KeySetError.Reason.badKey` with the rule that the key breaks, `.privateKey` for a
    ///   key that is a secret.
    package init(pem: Span<UInt8>, keyID: String? = nil) throws(KeySetError) {
        let key: PublicKey
        do throws(KeyError) {
            key = try PublicKey(pem: pem)
        } catch {
            guard error != .privateKey else { throw KeySetError(.privateKey) }
            throw KeySetError(.badKey, error.description)
        }
        try self.init(
            keys: [
                VerificationKey(
                    keyID: keyID ?? JSONWebKey.thumbprint(of: key), material: .publicKey(key),
                    algorithms: key.type.algorithms)
            ], skipped: [])
    }

    /// No keys.
    package init() {
        keys = []
        skipped = []
    }

    /// Whether any token can be verified with it under these rules.
    package func serves(_ rules: IssuerRules) -> Bool {
        keys.contains { key in
            (key.keyID != nil || rules.allowMissingKeyID)
                && key.algorithms.contains(where: rules.algorithms.contains)
        }
    }

    /// The keys of both sets.
    /// - Throws: `KeySetError` when a `kid` and algorithm occurs in both, or for too many keys.
    package func merging(_ other: KeySet) throws(KeySetError) -> KeySet {
        try KeySet(keys: keys + other.keys, skipped: skipped + other.skipped)
    }

    /// These keys, where those that `old` has too stay what they are there, with their epoch: what
    /// was concluded with them holds on.
    package func keeping(_ old: KeySet) -> KeySet {
        KeySet(
            kept: keys.map { key in old.keys.first { $0.isSame(as: key) } ?? key },
            skipped: skipped)
    }

    /// Reads the elements of a set by `read`; those that it throws for are skipped, unless a key that
    /// is used has the same `kid` and algorithm: it would be unclear which of the two is meant.
    init(
        _ elements: [JSONValue],
        _ read: (KeySetElement) throws(UnusableKey) -> VerificationKey
    ) throws(KeySetError) {
        var keys: [VerificationKey] = []
        var skipped: [SkippedKey] = []
        var unusable: [KeySetElement] = []
        for (index, value) in elements.enumerated() {
            let element = KeySetElement(value: value)
            do throws(UnusableKey) {
                keys.append(try read(element))
            } catch {
                skipped.append(
                    SkippedKey(index: index, keyID: element.keyID, reason: error.reason))
                unusable.append(element)
            }
        }
        for key in keys where unusable.contains(where: { $0.wouldCollide(with: key) }) {
            throw KeySetError(.duplicateKeyID, key.keyID.map { "`\($0)`" } ?? "")
        }
        try self.init(keys: keys, skipped: skipped)
    }

    init(keys: [VerificationKey], skipped: [SkippedKey]) throws(KeySetError) {
        guard keys.count <= Self.maximumKeyCount else { throw KeySetError(.tooLarge) }
        for (index, key) in keys.enumerated()
        where keys[..<index].contains(where: { $0.collides(with: key) }) {
            throw KeySetError(.duplicateKeyID, key.keyID.map { "`\($0)`" } ?? "")
        }
        self.keys = keys
        self.skipped = skipped
    }

    /// For keys of a set that has been checked.
    private init(kept keys: [VerificationKey], skipped: [SkippedKey]) {
        self.keys = keys
        self.skipped = skipped
    }

    static func document(_ text: Span<UInt8>) throws(KeySetError) -> JSONValue {
        do throws(JSONError) {
            return try JSONReader.read(text, limits: .keySet)
        } catch {
            throw KeySetError(error.isSizeLimit ? .tooLarge : .malformed, error.description)
        }
    }
}
