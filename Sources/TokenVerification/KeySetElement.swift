import Cryptography
import StrictJSON

/// One element of a JWK set, and what its members say about its use (RFC 7517 § 4).
struct KeySetElement {
    let value: JSONValue

    var keyID: String? { value["kid"]?.string }
    var isSymmetric: Bool { value["kty"]?.string == "oct" }

    /// RFC 7518 § 6.2.2, § 6.3.2, § 6.4: members that only a private or symmetric key has.
    var isSecret: Bool {
        isSymmetric
            || ["d", "p", "q", "dp", "dq", "qi", "oth", "k"].contains { value[$0] != nil }
    }

    /// - Throws: why the key is not used.
    func publicKey() throws(UnusableKey) -> VerificationKey {
        try key { value throws(KeyError) in .publicKey(try JSONWebKey.publicKey(value)) }
    }

    /// - Throws: why the key is not used.
    func secret() throws(UnusableKey) -> VerificationKey {
        try key { value throws(KeyError) in .secret(try JSONWebKey.secretKey(value)) }
    }

    /// Whether this element, had its numbers been right, would answer to the same `kid` and algorithm
    /// as a key.
    func wouldCollide(with key: VerificationKey) -> Bool {
        guard isForVerifying, let keyID, let otherID = key.keyID, keyID.hasSameBytes(as: otherID),
            let type = value["kty"]?.string, type.hasSameBytes(as: key.material.type.joseName)
        else { return false }
        guard let name = value["alg"]?.string else { return true }
        return key.algorithms.contains { $0.names.contains { $0.hasSameBytes(as: name) } }
    }

    private func key(
        _ material: (JSONValue) throws(KeyError) -> KeyMaterial
    ) throws(UnusableKey) -> VerificationKey {
        guard case .object = value else { throw .notAnObject }
        guard isForVerifying else { throw .otherUse }
        do throws(KeyError) {
            let keyID = try checkedKeyID()
            let material = try material(value)
            return VerificationKey(
                keyID: keyID, material: material, algorithms: try algorithms(of: material))
        } catch {
            throw UnusableKey(reason: error.description)
        }
    }

    /// RFC 7517 § 4.2 and § 4.3: both members may restrict a key; `key_ops` has no duplicates.
    private var isForVerifying: Bool {
        if let use = value["use"] {
            guard use == .string("sig") else { return false }
        }
        guard let operations = value["key_ops"] else { return true }
        guard let names = operations.array, names.contains(.string("verify")) else { return false }
        for (index, name) in names.enumerated() {
            guard name.string != nil, !names[..<index].contains(name) else { return false }
        }
        return true
    }

    private func checkedKeyID() throws(KeyError) -> String? {
        guard let value = value["kid"] else { return nil }
        guard let text = value.string,
            (1...TokenHeader.maximumKeyIDByteCount).contains(text.utf8.count)
        else { throw .malformed }
        return text
    }

    private func algorithms(of material: KeyMaterial) throws(KeyError) -> [SignatureAlgorithm] {
        guard let value = value["alg"] else { return material.algorithms }
        guard let name = value.string, let algorithm = SignatureAlgorithm(joseName: name),
            algorithm.keyType == material.type
        else { throw .unsupportedAlgorithm }
        guard material.algorithms.contains(algorithm) else { throw .secretTooShort }
        return [algorithm]
    }
}

/// Why a key is not used.
struct UnusableKey: Error {
    let reason: String

    static let notAnObject = UnusableKey(reason: "the key is not an object")
    static let otherUse = UnusableKey(
        reason: "`use` or `key_ops` does not allow the key to verify signatures")
}
