import Cryptography
import StrictJSON
import TokenVerification

/// A set that is read holds public keys only, each of them good for what it says.
enum KeySetInvariants {
    static func seeds() throws(BrokenInvariant) -> [[UInt8]] {
        let keys = try FuzzKeys.shared()
        let members = [keys.ed25519, keys.p256, keys.rsa].map { key in
            String(
                decoding: JSONWriter.write(.object(JSONWebKey.members(of: key.publicKey))),
                as: UTF8.self)
        }
        let labelled = members.enumerated().map { number, members in
            members.dropLast() + #","kid":"\#(number)","use":"sig","key_ops":["verify"]}"#
        }
        return
            ([
                #"{"keys":[\#(members.joined(separator: ","))]}"#,
                #"{"keys":[\#(labelled.joined(separator: ","))]}"#, #"{"keys":[]}"#,
                #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, #"{"keys":[1,{"kty":"EC"},{"kty":"x"}]}"#,
            ] + members.map { #"{"keys":[\#($0)]}"# }).map { Array($0.utf8) }
    }

    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        guard let set = try? KeySet(jwks: input.span) else { return }
        guard let document = try? JSONReader.read(input.span, limits: .keySet),
            let elements = document["keys"]?.array
        else { throw BrokenInvariant("a set is strict JSON with keys") }
        try invariant(elements.count <= KeySet.maximumKeyCount, "the limit of keys holds")
        try invariant(
            set.keys.count + set.skipped.count == elements.count, "every key is used or skipped")
        for element in elements {
            try invariant(element["kty"] != .string("oct"), "no secret in a public set")
            for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
                try invariant(element[name] == nil, "no private member in a public set")
            }
        }
        for (index, key) in set.keys.enumerated() {
            try checkKey(key)
            let twin = set.keys[..<index].contains { other in
                key.keyID != nil && key.keyID == other.keyID
                    && key.algorithms.contains { other.algorithms.contains($0) }
            }
            try invariant(!twin, "no two keys answer to one name and algorithm")
        }
        // Of two keys that are the same in all but their epoch, one may stand for both.
        let epochs = Set(set.keys.map(\.epoch))
        try invariant(
            set.keeping(set).keys.allSatisfy { epochs.contains($0.epoch) },
            "unchanged keys stay the same")
    }

    static func checkKey(_ key: VerificationKey) throws(BrokenInvariant) {
        guard let publicKey = key.material.publicKey else {
            throw BrokenInvariant("a public set has public keys")
        }
        try invariant(!key.algorithms.isEmpty, "a key is good for something")
        for algorithm in key.algorithms {
            try invariant(
                algorithm.keyType == publicKey.type, "a key's algorithms are for its type")
            try checkVerifies(publicKey, algorithm)
        }
        try checkSurvives(publicKey)
    }

    /// It can be asked, and takes nothing for a signature.
    private static func checkVerifies(
        _ key: PublicKey, _ algorithm: SignatureAlgorithm
    ) throws(BrokenInvariant) {
        guard let verifier = try? SignatureVerifier(key: key, algorithm: algorithm) else {
            throw BrokenInvariant("a key can be asked about its algorithms")
        }
        let message = Array("message".utf8)
        for byte in [0, 1] as [UInt8] {
            let signature = [UInt8](repeating: byte, count: key.signatureByteCount)
            try invariant(
                !verifier.isValid(signature: signature.span, message: message.span),
                "a constant is no signature")
        }
    }

    /// Written as PEM and read again, the key is the same.
    private static func checkSurvives(_ key: PublicKey) throws(BrokenInvariant) {
        let pem = Array(key.pem().utf8)
        guard let again = try? PublicKey(pem: pem.span) else {
            throw BrokenInvariant("a key that is written can be read")
        }
        try invariant(again.components == key.components, "it is the same key")
    }
}
