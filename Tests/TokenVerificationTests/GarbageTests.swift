import Cryptography
import StrictJSON
import Testing

@testable import TokenVerification

/// Tokens that nobody made in earnest.
@Suite("Garbage (token cases 61, 111 and 112, attack row T25)")
struct GarbageTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    /// Kinds of 8 KiB that cost the most in one place or another.
    static let kinds: [(name: String, header: String, payload: String)] = {
        func repeated(_ text: String, _ bytes: Int) -> String {
            String(repeating: text, count: bytes / text.utf8.count)
        }
        let good = Forge.header()
        let longNames = (10..<42).map { "\"\(repeated("x", 110))\($0)\":1" }
        return [
            ("a header of one text", #"{"a":"\#(repeated("x", 4_000))"}"#, "{}"),
            ("a header of escapes", #"{"a":"\#(repeated("\\u00e9", 4_000))"}"#, "{}"),
            ("a header of 32 long names", "{\(longNames.joined(separator: ","))}", "{}"),
            ("a header of brackets", #"{"a":\#(repeated("[", 4_000))"#, "{}"),
            ("a header of arrays", #"{"a":[\#(repeated("[],", 700))1]}"#, "{}"),
            ("a header of white space", "{" + repeated(" ", 4_000), "{}"),
            ("a payload of one text", good, #"{"a":"\#(repeated("x", 5_900))"}"#),
            ("a payload of escapes", good, #"{"a":"\#(repeated("\\u00e9", 5_900))"}"#),
            ("a payload of members", good, "{\(repeated(#""m":1,"#, 5_900))\"m\":1}"),
            ("a payload of escaped names", good, "{\(repeated(#""\\u0061":1,"#, 5_900))\"m\":1}"),
            ("a payload of brackets", good, #"{"a":\#(repeated("[", 5_900))"#),
            ("a payload of an endless issuer", good, #"{"iss":"\#(repeated("x", 5_900))"}"#),
            ("a payload of numbers", good, #"{"a":[\#(repeated("1,", 5_900))1]}"#),
        ]
    }()

    @Test("case 111: garbage is refused before a key is looked up", arguments: kinds.map(\.name))
    func refusedEarly(kind: String) throws {
        let garbage = try #require(Self.kinds.first { $0.name == kind })
        let token =
            Forge.base64URL(garbage.header) + "." + Forge.base64URL(garbage.payload) + "."
            + String(repeating: "A", count: 86)
        #expect(token.utf8.count <= 8_192)
        // Without any key: had one been looked for, the answer would be that there is none.
        let ring = KeyRing(issuers: [(Forge.rules, KeySet(), .unavailable)])
        let outcome = outcomeOf(token, TokenVerifier(keyRing: ring))
        #expect(["token_malformed", "token_too_large", "token_issuer"].contains(outcome))
    }

    @Test("case 112: nothing is kept of a token that was refused")
    func nothingKept() throws {
        let verifier = try forge.verifier()
        let good = try forge.token()
        #expect(outcomeOf(good, verifier) == "accepted")
        #expect(verifier.checkedHeaders.count == 1)
        for number in 0..<2_000 {
            let header = Forge.header(.es256, #","x":\#(number)"#)
            let token = Forge.base64URL(header) + good.drop { $0 != "." }
            #expect(outcomeOf(token, verifier) == "token_signature")
        }
        #expect(verifier.checkedHeaders.count == 1)
        #expect(outcomeOf(good, verifier) == "accepted")
    }

    @Test("headers of genuine tokens are kept in bounded number")
    func boundedHeaders() throws {
        let verifier = try forge.verifier()
        for number in 0..<200 {
            let token = try forge.token(header: Forge.header(.es256, #","x":\#(number)"#))
            #expect(outcomeOf(token, verifier) == "accepted")
        }
        #expect(verifier.checkedHeaders.count <= 32)
        let long = Forge.header(.es256, #","x":"\#(String(repeating: "x", count: 600))""#)
        let before = verifier.checkedHeaders.count
        #expect(outcomeOf(try forge.token(header: long), verifier) == "accepted")
        #expect(verifier.checkedHeaders.count == before)
    }

    @Test("a header seen before proves nothing: signature, rules, keys, revocations are asked anew")
    func seenHeaders() throws {
        let verifier = try forge.verifier()
        let good = try forge.token()
        #expect(outcomeOf(good, verifier) == "accepted")
        #expect(outcomeOf(String(good.dropLast(4)) + "AAAA", verifier) == "token_signature")
        verifier.revocations.add(.key(issuerName: "test", keyID: "ES256"))
        #expect(outcomeOf(good, verifier) == "token_revoked")
        verifier.revocations = RevocationTables()
        #expect(outcomeOf(good, verifier) == "accepted")
        var strict = Forge.rules
        strict.tokenTypes = ["at+jwt"]
        verifier.use(KeyRing(issuers: [(strict, try forge.keySet())]))
        #expect(outcomeOf(good, verifier) == "token_type")
        verifier.use(KeyRing(issuers: [(Forge.rules, KeySet())]))
        #expect(outcomeOf(good, verifier) == "token_unknown_key")
    }

    @Test("a header that one issuer's rules accept is checked against the other's")
    func otherRules() throws {
        var strict = Forge.rules
        strict.name = "strict"
        strict.issuer = "https://strict.test"
        strict.tokenTypes = ["at+jwt"]
        let verifier = TokenVerifier(
            keyRing: KeyRing(issuers: [
                (Forge.rules, try forge.keySet()), (strict, try forge.keySet()),
            ]))
        let payload = Forge.payload([("iss", #""https://strict.test""#)])
        for _ in 0..<2 {
            #expect(outcomeOf(try forge.token(), verifier) == "accepted")
            #expect(outcomeOf(try forge.token(payload: payload), verifier) == "token_type")
        }
    }

    @Test("case 61: one flipped bit at any place of a token refuses it, also by a verifier in use")
    func flippedBits() throws {
        let good = Array(try forge.token().utf8)
        let verifier = try forge.verifier()
        #expect(outcomeOf(good, verifier) == "accepted")
        var accepted = 0
        for index in good.indices {
            // All bits of the cheap parts; one of the others, each of which is a whole verification.
            for bit in 0..<8 where bit == index % 8 || index < 40 {
                var token = good
                token[index] ^= 1 << UInt8(bit)
                if outcomeOf(token, verifier) == "accepted" { accepted += 1 }
            }
        }
        #expect(accepted == 0)
        #expect(outcomeOf(good, verifier) == "accepted")
    }

    @Test("whatever bytes arrive, there is an answer, and it is never yes")
    func mutants() throws {
        let good = Array(try forge.token().utf8)
        let verifier = try forge.verifier { $0.algorithms = [.es256] }
        var random = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            var token = good
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let index = Int.random(in: 0..<token.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: token[index] = UInt8.random(in: 0...255, using: &random)
                case 1: token.remove(at: index)
                case 2: token.removeSubrange(index...)
                default: token.insert(contentsOf: token[index...].prefix(20), at: index)
                }
                if token.isEmpty { token = [0] }
            }
            #expect(token == good || outcomeOf(token, verifier) != "accepted")
        }
    }

    @Test("whatever JSON is signed, there is an answer")
    func signedMutants() throws {
        let verifier = try forge.verifier()
        let payload = Array(
            Forge.payload([("x", #"{"y":[1,-2.5e3,"\u00e9",null]}"#), ("jti", #""t""#)]).utf8)
        var random = SystemRandomNumberGenerator()
        var outcomes: Set<String> = []
        for _ in 0..<1_000 {
            var changed = payload
            for _ in 0...Int.random(in: 0..<2, using: &random) {
                let index = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[index] = UInt8.random(in: 0...255, using: &random)
                case 1: changed.remove(at: index)
                default: changed.insert(payload.randomElement(using: &random) ?? 0, at: index)
                }
            }
            let token = try forge.token(
                header: Array(Forge.header(.edDSA).utf8), payload: changed, forge.ed25519, .edDSA)
            outcomes.insert(outcomeOf(token, verifier))
        }
        #expect(outcomes.contains("token_malformed"))
        let codes = TokenRejection.Reason.allCases.map(\.rawValue)
        #expect(outcomes.isSubset(of: codes + ["accepted"]))
    }
}
