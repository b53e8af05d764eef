import TestSupport
import Testing

@Suite("attacks by tokens", .gateOverAllTransports, .serialized)
struct TokenAttackTests {
    @Test(
        "T1: two Authorization headers are refused",
        arguments: [
            ["Authorization: Bearer {A}", "Authorization: Bearer {R}"],
            ["Authorization: Bearer {R}", "Authorization: Bearer {A}"],
            ["Authorization: Bearer {A}", "Authorization: Bearer {A}"],
            ["Authorization: Bearer {A}", "authorization: Basic eDp5"],
        ])
    func twoHeaders(fields: [String]) throws {
        let attack = Attack("/api/x", fields: fields)
        try expectBlocked(attack, status: [400, 401])
    }

    @Test(
        "T2: anything but the scheme, one space and one token is refused",
        arguments: [
            "Bearer {A}, Bearer {R}", "Bearer {A} {R}", "Bearer\t{A}", "Bearer  {A}", "Bearer{A}",
            "Bearer", "Bearer ", "{A}", "Basic {A}", "Token {A}", "Bearer {A},", "Bearer \"{A}\"",
            "Bearer={A}", "Bearer {A};x=1",
        ])
    func badCredential(value: String) throws {
        let attack = Attack("/api/x", fields: ["Authorization: \(value)"])
        try expectBlocked(attack, status: [401, 400])
    }

    @Test(
        "T2: the scheme is compared without letter case", arguments: ["bearer", "BEARER", "Bearer"])
    func schemeCase(scheme: String) throws {
        let received = try expectForwarded(
            Attack("/api/x", fields: ["Authorization: \(scheme) {A}"]))
        expectIdentity("alice", roles: "viewer", in: received)
    }

    @Test("T4: a token in the query is no credential")
    func tokenInQuery() throws {
        try expectBlocked(
            Attack("/api/x?access_token={R}"), status: [401], reason: "unauthenticated")
    }

    @Test(
        "T5 to T7: unsigned and wrongly signed tokens are refused",
        arguments: ForgedToken.signatures)
    func signature(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test("T7: the other half of an ECDSA signature is as good (RFC 7518 sets no low-S rule)")
    func highS() throws {
        let token = try ForgedToken.withMirroredS()
        _ = try expectForwarded(Attack("/api/x", fields: ["Authorization: Bearer \(token)"]))
    }

    @Test(
        "T8: keys that the token brings or points to are never used", arguments: KeyPointer.allCases
    )
    func attackersKey(pointer: KeyPointer) throws {
        let decoy = try DecoyListener()
        let token = try pointer.token(url: "http://127.0.0.1:\(decoy.port)/keys")
        try expectRefused(ForgedToken(pointer.rawValue) { token })
        #expect(decoy.connectionCount == 0)
    }

    @Test("T9: a hostile key id selects nothing", arguments: ForgedToken.keyIDs)
    func keyID(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test(
        "T11: extensions, encryption and other serialisations are refused",
        arguments: ForgedToken.forms)
    func form(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test("T12: malformed JSON and impossible times are refused", arguments: ForgedToken.json)
    func json(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test("T13: only canonical base64url is read", arguments: ForgedToken.encodings)
    func encoding(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test("T14: each fault of time has its own reason", arguments: ForgedToken.times)
    func time(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test("T15: the audience must name us exactly", arguments: ForgedToken.audiences)
    func audience(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test("T15: one exact member of an audience list is enough")
    func audienceList() throws {
        let token = try TestIssuer.shared.token { $0.setting("aud", #"["other","app"]"#) }
        _ = try expectForwarded(Attack("/api/x", fields: ["Authorization: Bearer \(token)"]))
    }

    @Test("T16: the issuer is compared byte for byte", arguments: ForgedToken.issuers)
    func issuer(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test("T18: a token for another purpose is no access token", arguments: ForgedToken.purposes)
    func purpose(forged: ForgedToken) throws {
        try expectRefused(forged)
    }

    @Test(
        "T19: only a list of exact role names grants",
        arguments: [
            #"["admin "]"#, #"["ADMIN"]"#, #"{"admin":true}"#, #""viewer,admin""#,
            #"[["admin"]]"#, #"[null,"x"]"#, "null", "true", #"["viewer admin"]"#,
        ])
    func roleShapes(roles: String) throws {
        let token = try TestIssuer.shared.token { $0.setting("roles", roles) }
        try expectBlocked(
            Attack("/admin/x", fields: ["Authorization: Bearer \(token)"], label: roles),
            status: [401, 403])
    }

    @Test("T9: a key id of a megabyte is refused with the head that holds it, and forgotten")
    func hugeKeyID() throws {
        let header = #"{"alg":"ES256","kid":"\#(String(repeating: "k", count: 1 << 20))"}"#
        let token = try TokenForger.token(
            header: header, payload: ForgedToken.rootClaims.json,
            signedBy: TestIssuer.shared.es256)
        try expectBlocked(
            Attack("/api/x", fields: ["Authorization: Bearer \(token)"], label: "1 MiB kid"),
            status: [431])
    }

    @Test(
        "T22: a public route reads no credential", arguments: ["Bearer garbage", "Bearer {E}", "x"])
    func garbageOnPublicRoute(value: String) throws {
        let received = try expectForwarded(
            Attack("/public/a", fields: ["Authorization: \(value)"]))
        expectAnonymous(received)
    }

    @Test(
        "T24: a token that is too large is refused", arguments: [16 * 1_024 + 1, 60_000, 100_000])
    func hugeToken(size: Int) throws {
        let token = String(repeating: "a", count: size)
        try expectBlocked(
            Attack("/api/x", fields: ["Authorization: Bearer \(token)"], label: "\(size) bytes"),
            status: [401, 431])
    }

    /// Expects 401, the public reason, and, where it is known, the exact code in the log.
    private func expectRefused(
        _ forged: ForgedToken, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let fixture = try currentFixture()
        let token = try forged.make()
        // A path of its own, by which the log line is found.
        let path = "/api/\(UInt64.random(in: 0...UInt64.max))"
        let attack = Attack(
            path, fields: ["Authorization: Bearer \(token)"], label: forged.label)
        let response = try expectBlocked(attack, status: [401], sourceLocation: sourceLocation)
        let codes = forged.codes
        let publicReason = codes == ["token_expired"] ? "token_expired" : "token_invalid"
        #expect(response.reason == publicReason, sourceLocation: sourceLocation)
        let challenge = response.value("WWW-Authenticate") ?? ""
        #expect(challenge.contains("error=\"invalid_token\""), sourceLocation: sourceLocation)
        guard !codes.isEmpty else { return }
        let line = fixture.gate.logLine(with: [path]) ?? "no line"
        #expect(
            codes.contains { line.contains($0) }, "none of \(codes) in: \(line)",
            sourceLocation: sourceLocation)
    }
}
