import Cryptography
import StrictJSON
import Testing

@testable import TokenVerification

@Suite("Revocations (token case 101)")
struct RevocationTests {
    let forge: Forge
    private let session = SessionID.random()
    private let until = Forge.now + 600

    init() throws { forge = try Forge.shared() }

    private func token(_ changes: [(String, String?)] = []) throws -> String {
        try forge.token(
            payload: Forge.payload(
                [("sid", "\"\(session)\""), ("uv", "7"), ("jti", #""t-1""#)] + changes))
    }

    private func verifier(_ revocations: Revocation...) throws -> TokenVerifier {
        let verifier = try forge.verifier { $0.hasSessions = true }
        for revocation in revocations { verifier.revocations.add(revocation) }
        return verifier
    }

    @Test("a session that has ended takes its tokens with it, and no others")
    func sessions() throws {
        let verifier = try verifier(.session(SessionRevocation(session: session, until: until)))
        #expect(try outcomeOf(token(), verifier) == "token_revoked")
        let other = try token([("sid", "\"\(SessionID.random())\"")])
        #expect(outcomeOf(other, verifier) == "accepted")
        #expect(try outcomeOf(token([("sid", nil)]), verifier) == "accepted")
    }

    @Test(
        "tokens of a subject with a lower `uv`, or none, are refused",
        arguments: [
            ("7", "accepted"), ("6", "token_revoked"), ("8", "accepted"), ("-1", "token_revoked"),
            (nil, "token_revoked"), (#""9""#, "token_claim"), ("9.5", "token_claim"),
            ("null", "token_claim"),
        ] as [(String?, String)])
    func userVersions(version: String?, outcome: String) throws {
        let verifier = try verifier(
            .userVersion(subject: "alice", minimum: 7, until: until),
            .userVersion(subject: "alice", minimum: 3, until: until - 100))
        #expect(try outcomeOf(token([("uv", version)]), verifier) == outcome)
        #expect(try outcomeOf(token([("uv", "1"), ("sub", #""bob""#)]), verifier) == "accepted")
    }

    @Test("`sid` and `uv` of other issuers mean nothing to us")
    func otherIssuers() throws {
        let verifier = try forge.verifier()
        verifier.revocations.add(.userVersion(subject: "alice", minimum: 8, until: until))
        verifier.revocations.add(.session(SessionRevocation(session: session, until: until)))
        #expect(try outcomeOf(token(), verifier) == "accepted")
        #expect(try outcomeOf(token([("uv", #""x""#)]), verifier) == "accepted")
    }

    @Test("a `jti` is refused of its issuer only, byte for byte")
    func tokenIDs() throws {
        let denied = try verifier(.token(issuerName: "test", tokenID: "t-1", until: until))
        #expect(try outcomeOf(token(), denied) == "token_revoked")
        #expect(try outcomeOf(token([("jti", #""t-2""#)]), denied) == "accepted")
        #expect(try outcomeOf(token([("jti", nil)]), denied) == "accepted")
        #expect(try outcomeOf(token([("jti", "1")]), denied) == "token_claim")
        let ofOther = try verifier(.token(issuerName: "other", tokenID: "t-1", until: until))
        #expect(try outcomeOf(token(), ofOther) == "accepted")
        let composed = try verifier(.token(issuerName: "test", tokenID: "\u{E9}", until: until))
        #expect(try outcomeOf(token([("jti", #""\u00e9""#)]), composed) == "token_revoked")
        #expect(try outcomeOf(token([("jti", #""e\u0301""#)]), composed) == "accepted")
    }

    @Test("a denied `kid` is refused before its signature is looked at")
    func keys() throws {
        let denied = try verifier(.key(issuerName: "test", keyID: "ES256"))
        #expect(try outcomeOf(token(), denied) == "token_revoked")
        let unsigned = try token().split(separator: ".")[..<2].joined(separator: ".") + ".!"
        #expect(outcomeOf(unsigned, denied) == "token_revoked")
        let otherKey = try forge.token(header: Forge.header(.rs256), signedWith: .rs256)
        #expect(outcomeOf(otherKey, denied) == "accepted")
        #expect(
            try outcomeOf(token(), verifier(.key(issuerName: "other", keyID: "ES256")))
                == "accepted")
    }

    @Test("a denied key is not tried for tokens that name none")
    func keysWithoutKeyID() throws {
        let verifier = try forge.verifier { $0.allowMissingKeyID = true }
        let token = try forge.token(header: #"{"alg":"ES256"}"#)
        #expect(outcomeOf(token, verifier) == "accepted")
        verifier.revocations.add(.key(issuerName: "test", keyID: "ES256"))
        #expect(outcomeOf(token, verifier) == "token_signature")
    }

    @Test("what was verified before is revoked all the same, and a new ring changes nothing")
    func verifiedBefore() throws {
        let verifier = try verifier()
        let verified = try verifier.verify(Array(try token().utf8).span, now: Forge.now)
        #expect(!verifier.isRevoked(verified))
        #expect(verified.tokenID == "t-1" && verified.userVersion == 7 && verified.isOwn)
        let revocations: [Revocation] = [
            .session(SessionRevocation(session: session, until: until)),
            .userVersion(subject: "alice", minimum: 8, until: until),
            .token(issuerName: "test", tokenID: "t-1", until: until),
            .key(issuerName: "test", keyID: "ES256"),
        ]
        for revocation in revocations {
            verifier.revocations = RevocationTables()
            verifier.revocations.add(revocation)
            verifier.use(KeyRing(issuers: []))
            #expect(verifier.isRevoked(verified), "\(revocation)")
        }
    }

    @Test("entries go when the last of their tokens has expired; denied keys stay")
    func lifetime() throws {
        var tables = RevocationTables()
        #expect(tables.isEmpty && tables.count == 0)
        tables.add(.session(SessionRevocation(session: session, until: 10)))
        tables.add(.session(SessionRevocation(session: session, until: 5)))
        tables.add(.userVersion(subject: "alice", minimum: 1, until: 20))
        tables.add(.token(issuerName: "test", tokenID: "t-1", until: 30))
        tables.forgetExpired(now: 9)
        #expect(tables.count == 3)
        tables.forgetExpired(now: 10)
        #expect(tables.count == 2)
        tables.forgetExpired(now: 20)
        #expect(tables.count == 1)
        tables.forgetExpired(now: 30)
        #expect(tables.isEmpty && tables.count == 0)
        tables.add(.key(issuerName: "test", keyID: "k"))
        tables.forgetExpired(now: .max)
        #expect(tables.count == 1 && !tables.isEmpty)
    }

    @Test("a hundred thousand sign-outs are all gone when their tokens are")
    func bounded() {
        var tables = RevocationTables()
        for number in 0..<100_000 {
            let until = Forge.now + Int64(number % 300)
            tables.add(.session(SessionRevocation(session: .random(), until: until)))
        }
        for second in 0..<310 { tables.forgetExpired(now: Forge.now + Int64(second)) }
        #expect(tables.count == 0)
    }
}
