import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Key epochs: which keys of a new set are the old ones")
struct KeyEpochTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test("every key that is read has an epoch of its own")
    func unique() throws {
        let sets = try [forge.keySet(), forge.keySet(), forge.secretKeySet()]
        let epochs = sets.flatMap { $0.keys.map(\.epoch) }
        #expect(Set(epochs).count == epochs.count)
    }

    @Test("the same keys in another order stay what they were")
    func unchanged() throws {
        let old = try keySet("{\"keys\":[\(key(forge.ecdsa, "a")),\(key(forge.rsa, "b"))]}")
        let new = try keySet("{\"keys\":[\(key(forge.rsa, "b")),\(key(forge.ecdsa, "a"))]}")
        let kept = new.keeping(old)
        #expect(kept.keys.map(\.keyID) == ["b", "a"])
        #expect(kept.keys.map(\.epoch) == old.keys.map(\.epoch).reversed())
        let secrets = try forge.secretKeySet()
        #expect(
            try forge.secretKeySet().keeping(secrets).keys.map(\.epoch)
                == secrets.keys.map(\.epoch))
    }

    @Test("a key with another number, name or algorithm is another key")
    func changed() throws {
        let old = try keySet("{\"keys\":[\(key(forge.rsa, "a", #","alg":"RS256""#))]}")
        let other = try PrivateKey.generate(.rs256)
        for element in [
            key(other, "a", #","alg":"RS256""#), key(forge.rsa, "b", #","alg":"RS256""#),
            key(forge.rsa, "a", #","alg":"RS384""#), key(forge.rsa, "a"),
            jwk(forge.rsa.publicKey, #","alg":"RS256""#),
        ] {
            let kept = try keySet("{\"keys\":[\(element)]}").keeping(old)
            #expect(kept.keys.count == 1 && kept.keys[0].epoch != old.keys[0].epoch)
        }
        let secret = oct([UInt8](repeating: 1, count: 32))
        let otherSecret = oct([UInt8](repeating: 2, count: 32))
        let oldSecret = try secretKeySet(secret)
        #expect(
            try secretKeySet(otherSecret).keeping(oldSecret).keys[0].epoch
                != oldSecret.keys[0].epoch)
        #expect(
            try secretKeySet(secret).keeping(oldSecret).keys[0].epoch == oldSecret.keys[0].epoch)
    }

    @Test("a key that was gone for a while comes back as another")
    func returned() throws {
        let first = try keySet("{\"keys\":[\(key(forge.ecdsa, "a"))]}")
        let second = try keySet("{\"keys\":[\(key(forge.rsa, "b"))]}").keeping(first)
        let third = try keySet("{\"keys\":[\(key(forge.ecdsa, "a"))]}").keeping(second)
        #expect(third.keys[0].epoch != first.keys[0].epoch)
    }

    @Test("what is new about a set stays: its skipped keys and its size")
    func others() throws {
        let old = try forge.keySet()
        let new = try keySet("{\"keys\":[{\"kty\":\"XYZ\"}]}").keeping(old)
        #expect(new.isEmpty && new.skipped.count == 1)
        #expect(KeySet().keeping(old).isEmpty && !old.keeping(KeySet()).isEmpty)
    }

    private func key(_ key: PrivateKey, _ keyID: String, _ more: String = "") -> String {
        jwk(key.publicKey, #","kid":"\#(keyID)"\#(more)"#)
    }
}
