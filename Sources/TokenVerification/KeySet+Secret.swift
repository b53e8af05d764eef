import Cryptography
import StrictJSON

extension KeySet {
    /// Reads a configured secret for HS256, HS384 and HS512: a JWK of type `oct`, a set of such
    /// (RFC 7517), or else the bytes themselves, of which one final line feed is dropped. Plain bytes
    /// have no key ID.
    ///
    /// What looks like a JSON object is never taken for plain bytes: a slip in it would make its text
    /// the secret.
    /// - Throws: `KeySetError` with the rule that the secret breaks; for keys that are no secrets.
    package init(secret bytes: Span<UInt8>) throws(KeySetError) {
        guard Self.isBracedText(bytes) else {
            try self.init(plainSecret: bytes)
            return
        }
        let document = try Self.document(bytes)
        guard let elements = document["keys"]?.array else {
            guard document["kty"] != nil else { throw KeySetError(.malformedSecret) }
            try self.init(secrets: [document])
            guard let unusable = skipped.first else { return }
            throw KeySetError(.badKey, unusable.reason)
        }
        try self.init(secrets: elements)
    }

    private init(plainSecret bytes: Span<UInt8>) throws(KeySetError) {
        var count = bytes.count
        if count > 0, bytes[count - 1] == 0x0A { count -= 1 }
        let secret: SecretKey
        do throws(KeyError) {
            secret = try SecretKey(bytes.extracting(first: count))
        } catch {
            throw KeySetError(.badKey, error.description)
        }
        try self.init(
            keys: [
                VerificationKey(
                    keyID: nil, material: .secret(secret), algorithms: secret.algorithms)
            ], skipped: [])
    }

    private init(secrets elements: [JSONValue]) throws(KeySetError) {
        for (index, element) in elements.enumerated() {
            guard KeySetElement(value: element).isSymmetric else {
                throw KeySetError(.notSymmetric, "key \(index + 1)")
            }
        }
        try self.init(elements) { element throws(UnusableKey) in try element.secret() }
    }

    private static func isBracedText(_ bytes: Span<UInt8>) -> Bool {
        func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
        let first = bytes.indices.first { !isSpace(bytes[$0]) }
        let last = bytes.indices.last { !isSpace(bytes[$0]) }
        guard let first, let last else { return false }
        return bytes[first] == UInt8(ascii: "{") && bytes[last] == UInt8(ascii: "}")
    }
}
