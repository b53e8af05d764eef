import Cryptography
import StrictJSON

/// The public keys of one issuer, parsed and checked once. Immutable.
package struct KeySet: Sendable {
    /// More keys than any issuer publishes.
    package static let maximumKeyCount = 256

    package let keys: [VerificationKey]
    package let skipped: [SkippedKey]

    /// Reads a JWK set (RFC 7517 § 5).
    ///
    /// Keys that are of an unknown type, broken, or not for verifying are skipped, each with its
    /// reason in `skipped`; `keys` may thus be empty.
    /// - Throws: `KeySetError` for a set that is too large, no key set at all, holds a private or
    ///   symmetric key (its owner has published a secret), or two keys of one `kid` and algorithm.
    package init(jwks: Span<UInt8>) throws(KeySetError) {
        let elements = try Self.elements(jwks)
        var keys: [VerificationKey] = []
        var skipped: [SkippedKey] = []
        for (index, element) in elements.enumerated() {
            guard !Self.isSecret(element) else {
                throw KeySetError(.secretMember, "key \(index + 1)")
            }
            switch Self.usableKey(element) {
            case .success(let key): keys.append(key)
            case .failure(let unusable):
                let keyID = element["kid"]?.string
                skipped.append(SkippedKey(index: index, keyID: keyID, reason: unusable.reason))
            }
        }
        try self.init(keys: keys, skipped: skipped)
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
                    keyID: keyID ?? JSONWebKey.thumbprint(of: key), key: key,
                    algorithms: key.type.algorithms)
            ], skipped: [])
    }

    /// The keys of both sets.
    /// - Throws: `KeySetError` when a `kid` and algorithm occurs in both, or for too many keys.
    package func merging(_ other: KeySet) throws(KeySetError) -> KeySet {
        try KeySet(keys: keys + other.keys, skipped: skipped + other.skipped)
    }

    private init(keys: [VerificationKey], skipped: [SkippedKey]) throws(KeySetError) {
        guard keys.count <= Self.maximumKeyCount else { throw KeySetError(.tooLarge) }
        for (index, key) in keys.enumerated()
        where keys[..<index].contains(where: { $0.collides(with: key) }) {
            throw KeySetError(.duplicateKeyID, key.keyID.map { "`\($0)`" } ?? "")
        }
        self.keys = keys
        self.skipped = skipped
    }

    private static func elements(_ jwks: Span<UInt8>) throws(KeySetError) -> [JSONValue] {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONReader.read(jwks, limits: .keySet)
        } catch {
            throw KeySetError(error.isSizeLimit ? .tooLarge : .malformed, error.description)
        }
        guard let elements = value["keys"]?.array else { throw KeySetError(.malformed) }
        return elements
    }

    /// RFC 7518 § 6.2.2, § 6.3.2, § 6.4: members that only a private or symmetric key has.
    private static func isSecret(_ element: JSONValue) -> Bool {
        let isSymmetric = element["kty"]?.string == "oct"
        return isSymmetric
            || ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].contains { element[$0] != nil }
    }

    private static func usableKey(
        _ element: JSONValue
    ) -> Result<VerificationKey, UnusableKey> {
        do throws(KeyError) {
            guard case .object = element else { return .failure(.notAnObject) }
            guard isForVerifying(element) else { return .failure(.otherUse) }
            let keyID = try keyID(element)
            let key = try JSONWebKey.publicKey(element)
            let algorithms = try algorithms(element, of: key)
            return .success(VerificationKey(keyID: keyID, key: key, algorithms: algorithms))
        } catch {
            return .failure(UnusableKey(reason: error.description))
        }
    }

    /// RFC 7517 § 4.2 and § 4.3: both members may restrict a key; `key_ops` has no duplicates.
    private static func isForVerifying(_ element: JSONValue) -> Bool {
        if let use = element["use"] {
            guard use == .string("sig") else { return false }
        }
        guard let operations = element["key_ops"] else { return true }
        guard let names = operations.array, names.contains(.string("verify")) else { return false }
        for (index, name) in names.enumerated() {
            guard name.string != nil, !names[..<index].contains(name) else { return false }
        }
        return true
    }

    private static func keyID(_ element: JSONValue) throws(KeyError) -> String? {
        guard let value = element["kid"] else { return nil }
        guard let text = value.string,
            (1...TokenHeader.maximumKeyIDByteCount).contains(text.utf8.count)
        else { throw .malformed }
        return text
    }

    private static func algorithms(
        _ element: JSONValue, of key: PublicKey
    ) throws(KeyError) -> [SignatureAlgorithm] {
        guard let value = element["alg"] else { return key.type.algorithms }
        guard let name = value.string, let algorithm = SignatureAlgorithm(joseName: name),
            algorithm.keyType == key.type
        else { throw .unsupportedAlgorithm }
        return [algorithm]
    }
}

private struct UnusableKey: Error {
    let reason: String

    static let notAnObject = UnusableKey(reason: "the key is not an object")
    static let otherUse = UnusableKey(
        reason: "`use` or `key_ops` does not allow the key to verify signatures")
}
