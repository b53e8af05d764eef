import Cryptography
import TokenVerification

/// A file that is read as a key is that kind of key, whole and usable.
enum PEMInvariants {
    static func seeds() throws(BrokenInvariant) -> [[UInt8]] {
        let keys = try FuzzKeys.shared()
        var seeds: [String] = []
        do throws(KeyError) {
            for key in [keys.ed25519, keys.p256, keys.rsa] {
                seeds += [key.publicKey.pem(), try key.pem()]
            }
        } catch {
            throw BrokenInvariant("keys can be written")
        }
        let labels = ["RSA PUBLIC KEY", "CERTIFICATE", "EC PRIVATE KEY", "RSA PRIVATE KEY"]
        seeds += labels.map { "-----BEGIN \($0)-----\nMAA=\n-----END \($0)-----\n" }
        return seeds.map { Array($0.utf8) }
    }

    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        let privateKey = try? PrivateKey(pem: input.span)
        if let set = try? KeySet(pem: input.span) {
            try invariant(privateKey == nil, "no text is a public and a private key")
            for key in set.keys { try KeySetInvariants.checkKey(key) }
        }
        if let privateKey { try checkSigns(privateKey) }
    }

    private static func checkSigns(_ key: PrivateKey) throws(BrokenInvariant) {
        guard let algorithm = key.type.algorithms.first else {
            throw BrokenInvariant("a private key is good for something")
        }
        let message = Array("message".utf8)
        guard let signature = try? key.sign(message.span, algorithm: algorithm),
            let verifier = try? SignatureVerifier(key: key.publicKey, algorithm: algorithm)
        else { throw BrokenInvariant("a private key signs") }
        try invariant(
            verifier.isValid(signature: signature.span, message: message.span),
            "its public half verifies")
        guard let again = try? PrivateKey(pem: Array(key.pem().utf8).span) else {
            throw BrokenInvariant("a private key that is written can be read")
        }
        try invariant(
            again.publicKey.components == key.publicKey.components, "it is the same key")
    }
}
