import Cryptography
import StrictJSON
import TokenVerification

/// Tokens that are signed with any algorithm, those with secrets too.
extension Forge {
    /// The rules of an issuer that shares secrets with us.
    static let secretRules: IssuerRules = {
        var rules = Self.rules
        rules.algorithms = Set(KeyType.secret.algorithms)
        return rules
    }()

    /// One secret for each algorithm, under the algorithm's name.
    func secretKeySet() throws -> KeySet {
        let keys = KeyType.secret.algorithms.map { algorithm in
            let name = algorithm.rawValue
            return oct(secret, #","kid":"\#(name)","alg":"\#(name)""#)
        }
        return try TokenVerificationTests.secretKeySet(
            #"{"keys":[\#(keys.joined(separator: ","))]}"#)
    }

    /// A verifier that knows the key of the algorithm.
    func verifier(for algorithm: SignatureAlgorithm) throws -> TokenVerifier {
        guard algorithm.isSymmetric else { return try verifier() }
        return TokenVerifier(
            keyRing: KeyRing(issuers: [(rules: Self.secretRules, keys: try secretKeySet())]))
    }

    /// The genuine signature of a message.
    func signature(_ message: String, _ algorithm: SignatureAlgorithm) throws -> [UInt8] {
        let message = Array(message.utf8)
        guard algorithm.isSymmetric else {
            return try key(algorithm).sign(message.span, algorithm: algorithm)
        }
        let key = try SecretKey(secret.span)
        return try key.authenticate(message.span, algorithm: algorithm)
    }

    /// A good token of the algorithm.
    func goodToken(
        _ algorithm: SignatureAlgorithm, payload: String = Self.payload()
    ) throws -> String {
        let message = Self.base64URL(Self.header(algorithm)) + "." + Self.base64URL(payload)
        let signature = try signature(message, algorithm)
        return message + "." + Base64URL.encodeToString(signature.span)
    }
}

/// A secret as a JWK, in JSON.
func oct(_ secret: [UInt8], _ more: String = "") -> String {
    #"{"kty":"oct","k":"\#(Base64URL.encodeToString(secret.span))"\#(more)}"#
}

/// A set of secrets from its JSON text, or from plain bytes.
func secretKeySet(_ text: String) throws(KeySetError) -> KeySet {
    try KeySet(secret: Array(text.utf8).span)
}
