import Cryptography
import StrictJSON
import Testing

@testable import TokenVerification

@Suite("Keys that come and go")
struct KeyRingTests {
    let forge: Forge
    let good: String

    init() throws {
        forge = try Forge.shared()
        good = try forge.token()
    }

    private func ring(
        _ availability: KeyAvailability, keys: KeySet? = nil,
        _ change: (inout IssuerRules) -> Void = { _ in }
    ) throws -> KeyRing {
        var rules = Forge.rules
        change(&rules)
        return KeyRing(issuers: [(rules, try keys ?? forge.keySet(), availability)])
    }

    private func rejection(_ token: String, _ verifier: TokenVerifier) -> TokenRejection? {
        do throws(TokenRejection) {
            _ = try verifier.verify(Array(token.utf8).span, now: Forge.now)
            return nil
        } catch {
            return error
        }
    }

    /// Code, and the issuer whose keys are wanted.
    private func outcome(_ token: String, _ ring: KeyRing) -> [String?] {
        let rejection = rejection(token, TokenVerifier(keyRing: ring))
        return [rejection?.code ?? "accepted", rejection?.missingKey?.issuerName]
    }

    @Test(
        "a `kid` that nobody knows is the token's fault only where the keys are known to be complete",
        arguments: [
            (KeyAvailability.fixed, "token_unknown_key", nil),
            (.current, "token_unknown_key", "test"),
            (.doubtful, "keys_unavailable", "test"),
            (.unavailable, "keys_unavailable", "test"),
        ] as [(KeyAvailability, String, String?)])
    func unknownKeyID(availability: KeyAvailability, code: String, wanted: String?) throws {
        let token = try forge.token(header: #"{"alg":"ES256","kid":"new"}"#)
        #expect(try outcome(token, ring(availability)) == [code, wanted])
        let unsigned = try forge.token(header: #"{"alg":"RS256","kid":"new"}"#)
        #expect(try outcome(unsigned, ring(availability)) == [code, wanted])
    }

    @Test("a known key counts as long as the issuer's keys may be used")
    func knownKey() throws {
        #expect(try outcome(good, ring(.fixed)) == ["accepted", nil])
        #expect(try outcome(good, ring(.current)) == ["accepted", nil])
        #expect(try outcome(good, ring(.doubtful)) == ["accepted", nil])
        #expect(try outcome(good, ring(.unavailable)) == ["keys_unavailable", "test"])
    }

    @Test("without usable keys a token is still refused for what its header says")
    func unavailableHeaders() throws {
        let ring = try ring(.unavailable) { $0.algorithms = [.es256] }
        #expect(try outcome(forge.token(header: Forge.header(.rs256)), ring)[0] == "token_alg")
        let noKeyID = try forge.token(header: #"{"alg":"ES256"}"#)
        #expect(outcome(noKeyID, ring) == ["token_unknown_key", nil])
        let foreign = try forge.token(header: Forge.header(.es256, #","typ":"logout+jwt""#))
        #expect(outcome(foreign, ring) == ["token_type", nil])
        let elsewhere = try forge.token(payload: Forge.payload([("iss", #""https://else""#)]))
        #expect(outcome(elsewhere, ring) == ["token_issuer", nil])
        // Before any work on the signature, which is none here.
        let unsigned = good.split(separator: ".")[..<2].joined(separator: ".") + ".!"
        #expect(outcome(unsigned, ring) == ["keys_unavailable", "test"])
    }

    @Test("a known key of a wrong algorithm is worth a fetch, a wrong signature under it is not")
    func knownKeyOtherAlgorithm() throws {
        let other = try forge.token(header: #"{"alg":"RS256","kid":"ES256"}"#)
        #expect(try outcome(other, ring(.current)) == ["token_alg", "test"])
        #expect(try outcome(other, ring(.fixed)) == ["token_alg", nil])
        let forged = try forge.sign(
            good.split(separator: ".")[..<2].joined(separator: "."), with: .generate(.es256))
        #expect(try outcome(forged, ring(.current)) == ["token_signature", nil])
    }

    @Test("a token without `kid` that no key fits is worth a fetch")
    func withoutKeyID() throws {
        func ring(_ availability: KeyAvailability, _ keys: KeySet?) throws -> KeyRing {
            try self.ring(availability, keys: keys) { $0.allowMissingKeyID = true }
        }
        let message = Forge.base64URL(#"{"alg":"ES256"}"#) + "." + Forge.base64URL(Forge.payload())
        let token = try forge.sign(message)
        let forged = try forge.sign(message, with: .generate(.es256))
        #expect(try outcome(token, ring(.current, nil)) == ["accepted", nil])
        #expect(try outcome(forged, ring(.current, nil)) == ["token_signature", "test"])
        #expect(try outcome(forged, ring(.doubtful, nil)) == ["token_signature", "test"])
        #expect(try outcome(forged, ring(.fixed, nil)) == ["token_signature", nil])
        let empty = try keySet(#"{"keys":[]}"#)
        #expect(try outcome(token, ring(.current, empty)) == ["token_unknown_key", "test"])
        #expect(try outcome(token, ring(.doubtful, empty)) == ["keys_unavailable", "test"])
        #expect(try outcome(token, ring(.fixed, empty)) == ["token_unknown_key", nil])
    }

    @Test("a missing key goes by its `kid` and algorithm, and without `kid` by the token itself")
    func namesOfMissingKeys() throws {
        let verifier = TokenVerifier(keyRing: try ring(.current) { $0.allowMissingKeyID = true })
        func name(_ header: String, signedBy key: PrivateKey? = nil) throws -> KeyName? {
            let message = Forge.base64URL(header) + "." + Forge.base64URL(Forge.payload())
            let token = try key.map { try forge.sign(message, with: $0) } ?? forge.sign(message)
            return rejection(token, verifier)?.missingKey?.name
        }
        let unknown = KeyName(keyID: "new", algorithm: .es256)
        #expect(try name(#"{"alg":"ES256","kid":"new"}"#) == unknown)
        #expect(try name(#"{"kid":"new","typ":"jwt","alg":"ES256"}"#) == unknown)
        #expect(try name(#"{"alg":"ES256","kid":"newer"}"#) != unknown)
        let other = try name(#"{"alg":"RS256","kid":"new"}"#)
        #expect(other == KeyName(keyID: "new", algorithm: .rs256) && other != unknown)
        #expect(
            try name(#"{"alg":"RS256","kid":"ES256"}"#)
                == KeyName(keyID: "ES256", algorithm: .rs256))

        let stranger = try PrivateKey.generate(.es256)
        let message = Forge.base64URL(#"{"alg":"ES256"}"#) + "." + Forge.base64URL(Forge.payload())
        let token = try forge.sign(message, with: stranger)
        let first = rejection(token, verifier)?.missingKey?.name
        #expect(first != nil && rejection(token, verifier)?.missingKey?.name == first)
        let next = try name(#"{"alg":"ES256"}"#, signedBy: stranger)
        #expect(next != nil && next != first)
    }

    @Test("a set has its keys' names, one for each algorithm")
    func namesOfSet() throws {
        let keys = try forge.keySet()
        let names = keys.names
        #expect(names.contains(KeyName(keyID: "ES256", algorithm: .es256)))
        #expect(!names.contains(KeyName(keyID: "ES256", algorithm: .rs256)))
        #expect(names.count == keys.keys.reduce(0) { $0 + $1.algorithms.count })
        #expect(try keySet(#"{"keys":[]}"#).names.isEmpty)
    }

    @Test("keys are replaced for one issuer; its rules and the other issuers stay")
    func replacing() throws {
        var other = Forge.rules
        other.name = "other"
        other.issuer = "https://other.test"
        let old = try KeyRing(issuers: [
            (Forge.rules, forge.keySet(), .current), (other, forge.keySet(), .fixed),
        ])
        let new = try PrivateKey.generate(.es256)
        let newKeys = try KeySet(pem: Array(new.publicKey.pem().utf8).span, keyID: "new")
        let ring = old.replacing(issuerName: "test", keys: newKeys, availability: .doubtful)
        #expect(ring.availability(issuerName: "test") == .doubtful)
        #expect(ring.availability(issuerName: "other") == .fixed)
        #expect(ring.availability(issuerName: "else") == nil)
        #expect(old.availability(issuerName: "test") == .current)
        let verifier = TokenVerifier(keyRing: old)
        let rotated = try forge.token(
            header: Array(#"{"alg":"ES256","kid":"new"}"#.utf8),
            payload: Array(Forge.payload().utf8), new, .es256)
        let ofOther = try forge.token(
            payload: Forge.payload([("iss", #""https://other.test""#)]))
        #expect(rejection(rotated, verifier)?.code == "token_unknown_key")
        #expect(rejection(good, verifier) == nil)
        verifier.use(ring)
        #expect(rejection(rotated, verifier) == nil)
        #expect(rejection(good, verifier)?.code == "keys_unavailable")
        #expect(rejection(ofOther, verifier) == nil)
        #expect(
            old.replacing(issuerName: "else", keys: newKeys, availability: .fixed)
                .availability(issuerName: "test") == .current)
    }

    @Test("a ring knows the epochs of the keys that may be used, and of no others")
    func epochs() throws {
        let keys = try forge.keySet()
        let ring = try ring(.current, keys: keys)
        let verified = try TokenVerifier(keyRing: ring).verify(
            Array(good.utf8).span, now: Forge.now)
        #expect(keys.keys.contains { $0.epoch == verified.keyEpoch && $0.keyID == "ES256" })
        #expect(Set(keys.keys.map(\.epoch)).count == keys.keys.count)
        #expect(ring.holdsKey(epoch: verified.keyEpoch))
        let sameBytes = try forge.keySet()
        let renewed = ring.replacing(issuerName: "test", keys: sameBytes, availability: .current)
        #expect(!renewed.holdsKey(epoch: verified.keyEpoch))
        let gone = ring.replacing(issuerName: "test", keys: keys, availability: .unavailable)
        #expect(!gone.holdsKey(epoch: verified.keyEpoch))
        let back = gone.replacing(issuerName: "test", keys: keys, availability: .current)
        #expect(back.holdsKey(epoch: verified.keyEpoch))
    }
}
