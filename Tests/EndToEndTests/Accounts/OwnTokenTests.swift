import TestSupport
import Testing

@Suite(
    "whose tokens the own endpoints take", .gate({ $0.useAccounts(defaultRoles: ["viewer"]) }),
    .serialized)
struct OwnTokenTests {
    @Test("a token of another issuer with a copied session and subject is none of an account")
    func copiedSession() throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.newcomer()
        let claims = try tokens.claims()
        let subject = try #require(claims.string("sub"))
        let session = try #require(claims.string("sid"))
        let foreign = try TestIssuer.shared.token(subject) {
            $0.setting("sid", "\"\(session)\"").setting("client_id", "\"ostiary\"")
        }
        // It is good for what the policy gives its issuer, and for nothing else.
        #expect(try gate.status("/api/x", foreign) == 200)
        try expectNoAccount(foreign)
        #expect(try gate.status("/api/x", tokens.access) == 200)
        #expect(try gate.exchange(AccountRequest.me(tokens.access)).object().string("bio") == "")

        // And the end of that session is none of the other issuer's.
        #expect(try gate.exchange(AccountRequest.signOut(tokens.access)).status == 204)
        #expect(try gate.status("/api/x", foreign) == 200)
        #expect(try gate.status("/api/x", tokens.access) == 401)
    }

    @Test("a token that was minted by hand has no session, and is none of an account")
    func minted() throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.newcomer()
        let subject = try #require(try tokens.claims().string("sub"))
        let result = try gate.command(["token", "mint", "--sub", subject, "--role", "viewer"])
        #expect(result.status == 0, "\(result.error)")
        let minted = String(result.output.prefix { $0 != "\n" })
        #expect(try gate.status("/api/x", minted) == 200)
        try expectNoAccount(minted)
        #expect(try gate.status("/api/x", tokens.access) == 200)
    }

    @Test("a token with our issuer's name and session, signed by anybody else, is refused")
    func otherSignature() throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.newcomer()
        let payload = try #require(
            tokens.access.split(separator: ".").dropFirst().first.flatMap {
                bytes(base64URL: String($0))
            })
        let keyID = try #require(try tokens.header().string("kid"))
        let thief = try TestKey.foreign(keyID: keyID)
        let header = Array(TokenForger.header(thief).utf8)
        let forged = try TokenForger.token(header: header, payload: payload, signedBy: thief)
        let unsigned = TokenForger.token(
            header: #"{"typ":"at+jwt","alg":"none"}"#, payload: latin1(payload), signature: [])
        let known = TestIssuer.shared.es256
        let otherIssuer = try TokenForger.token(
            header: Array(TokenForger.header(known).utf8), payload: payload, signedBy: known)
        let refreshToken = tokens.refresh
        for token in [forged, unsigned, otherIssuer, refreshToken] {
            #expect(try gate.status("/api/x", token) == 401)
            try expectNoAccount(token)
        }
        #expect(try gate.status("/api/x", tokens.access) == 200)
    }

    @Test("two credentials in one request are refused, and neither is used")
    func twoCredentials() throws {
        let gate = try currentFixture().gate
        let (_, alice) = try gate.newcomer()
        let (_, bob) = try gate.newcomer()
        let request = AccountRequest.json(
            "POST", "/_ostiary/v1/sign-out", "{}", token: alice.access,
            fields: ["Authorization: Bearer \(bob.access)"])
        #expect(try gate.exchange(request).status == 400)
        for tokens in [alice, bob] { #expect(try gate.status("/api/x", tokens.access) == 200) }
    }

    @Test("an endpoint without a bearer does not look at one: a stale token keeps nobody out")
    func staleToken() throws {
        let gate = try currentFixture().gate
        let (person, tokens) = try gate.newcomer()
        #expect(try gate.exchange(AccountRequest.signOut(tokens.access)).status == 204)
        let body = #"{"login":"\#(person.username)","password":"\#(person.password)"}"#
        for token in [tokens.access, "garbage", try TestIssuer.shared.expired()] {
            let answer = try gate.exchange(
                AccountRequest.json("POST", "/_ostiary/v1/sign-in", body, token: token))
            #expect(answer.status == 200)
        }
    }

    /// Expects that the token neither reads, changes nor ends anything.
    private func expectNoAccount(
        _ token: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let gate = try currentFixture().gate
        for request in [
            AccountRequest.me(token), AccountRequest.patchMe(token, #"{"bio":"stolen"}"#),
            AccountRequest.signOut(token), AccountRequest.signOut(token, scope: "everywhere"),
        ] {
            let answer = try gate.exchange(request)
            #expect(
                answer.status == 401 && answer.reason == "token_invalid",
                sourceLocation: sourceLocation)
        }
    }
}
