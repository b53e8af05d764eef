import Cryptography
import StrictJSON
import Testing
import TokenIssuing
import TokenVerification

@Suite("Token mint")
struct TokenMintTests {
    static let now: Int64 = 1_800_000_000

    @Test("what is minted is verified", arguments: SignatureAlgorithm.asymmetric)
    func roundTrip(algorithm: SignatureAlgorithm) throws {
        let key = try SigningKey.generate(algorithm)
        let verifier = try Self.verifier(for: key)
        let token = try Self.mint(key)
        let verified = try verifier.verify(Array(token.utf8).span, now: Self.now)
        #expect(verified.subject == "alice")
        #expect(verified.issuer == "https://ostiary.test")
        #expect(verified.issuerName == "local")
        #expect(verified.keyID == key.keyID)
        #expect(verified.expiresAt == Self.now + 900)
        #expect(verified.usableUntil == Self.now + 930)
        #expect(verified.claims["roles"] == .array([.string("viewer")]))
        #expect(verified.claims["department"] == .string("ops"))
    }

    @Test("the header has exactly typ, alg and kid")
    func header() throws {
        let key = try SigningKey.generate(.es256)
        let token = try Self.mint(key)
        let header = try #require(token.split(separator: ".").first)
        let bytes = try #require(Base64URL.decode(String(header)))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"typ":"at+jwt","alg":"ES256","kid":"\#(key.keyID)"}"#)
    }

    @Test("a key read back from its file has the same ID and signs", arguments: ["ES256", "EdDSA"])
    func savedKey(name: String) throws {
        let algorithm = try #require(SignatureAlgorithm(joseName: name))
        let key = try SigningKey.generate(algorithm)
        let copy = try SigningKey(pem: Array(try key.pem().utf8).span)
        #expect(copy.keyID == key.keyID)
        #expect(copy.algorithm == algorithm)
        let token = try Self.mint(copy)
        _ = try Self.verifier(for: key).verify(Array(token.utf8).span, now: Self.now)
    }

    @Test("the public key set holds no private member")
    func publicSet() throws {
        let keys = try [SigningKey.generate(.es256), .generate(.edDSA)]
        let bytes = SigningKey.publicJWKS(keys)
        let set = try KeySet(jwks: bytes.span)
        #expect(set.keys.map(\.keyID) == keys.map(\.keyID))
        #expect(set.skipped.isEmpty)
        let value = try JSONReader.read(bytes.span, limits: .keySet)
        for element in try #require(value["keys"]?.array) {
            #expect(element["d"] == nil)
            #expect(element["use"] == .string("sig"))
        }
    }

    @Test("refuses what verification would refuse")
    func refusals() throws {
        let mint = TokenMint(
            issuer: "https://ostiary.test", signingKey: try SigningKey.generate(.es256))
        let good = Self.request
        func refused(_ error: MintError, _ change: (inout TokenRequest) -> Void) {
            var request = good
            change(&request)
            #expect(throws: error) {
                try mint.mint(request, now: Self.now, randomness: SecureRandom.bytes(16))
            }
        }
        refused(.badSubject) { $0.subject = "" }
        refused(.badSubject) { $0.subject = "a\nb" }
        refused(.badSubject) { $0.subject = String(repeating: "x", count: 256) }
        refused(.noAudience) { $0.audience = [] }
        refused(.noAudience) { $0.audience = ["app", ""] }
        refused(.badLifetime) { $0.lifetime = 0 }
        refused(.badLifetime) { $0.lifetime = .max }
        refused(.reservedClaim("sub")) {
            $0.extraClaims = [JSONMember(name: "sub", value: .string("root"))]
        }
        refused(.tooLarge) {
            $0.extraClaims = [
                JSONMember(name: "x", value: .string(String(repeating: "y", count: 7_000)))
            ]
        }
    }

    @Test("every token has an identifier of its own")
    func identifiers() throws {
        let key = try SigningKey.generate(.es256)
        let verifier = try Self.verifier(for: key)
        let identifiers = try (0..<3).map { _ in
            try verifier.verify(Array(try Self.mint(key).utf8).span, now: Self.now).claims["jti"]
        }
        #expect(identifiers[0]?.string?.utf8.count == 22)
        #expect(identifiers[0] != identifiers[1] && identifiers[1] != identifiers[2])
    }

    static let request = TokenRequest(
        subject: "alice", audience: ["ostiary"], clientID: "cli", roles: ["viewer"],
        extraClaims: [JSONMember(name: "department", value: .string("ops"))])

    static func mint(_ key: SigningKey) throws -> String {
        try TokenMint(issuer: "https://ostiary.test", signingKey: key).mint(
            request, now: now, randomness: SecureRandom.bytes(16))
    }

    static func verifier(for key: SigningKey) throws -> TokenVerifier {
        let rules = IssuerRules(
            name: "local", issuer: "https://ostiary.test", audiences: ["ostiary"],
            algorithms: [key.algorithm], tokenTypes: ["at+jwt"],
            requiredClaims: ["client_id", "iat", "jti"])
        let keys = try KeySet(jwks: SigningKey.publicJWKS([key]).span)
        return TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: keys)]))
    }
}
