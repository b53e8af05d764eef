import AccessPolicy
import Testing

/// Which of several possible reasons a refusal has, and what it carries.
@Suite struct DenialTests {
    private func denial(
        _ allow: String, _ claims: String = "", isHidden: Bool = false
    ) throws -> Denial? {
        let policy = try load(
            policyText(
                routes: "{id: one, match: GET /x, hide: \(isHidden), allow: \(allow)}",
                headers: "X-Auth-User: subject"))
        let principal = try policy.principal(
            json: "{\"sub\": \"alice\"\(claims.isEmpty ? "" : ", ")\(claims)}")
        switch try policy.outcome("GET /x", as: principal).decision {
        case .allow: return nil
        case .deny(let denial): return denial
        }
    }

    @Test(
        "a condition that would hold after another sign-in asks for one",
        arguments: [
            ("{acr: gold}", "", DenyReason.stepUp),
            ("{auth_age: 10m}", "", .stepUp),
            ("{all: [{role: viewer}, {acr: gold}]}", #""roles": "viewer""#, .stepUp),
            ("{all: [{role: viewer}, {acr: gold}]}", "", .conditionFalse),
            ("{any: [{role: viewer}, {acr: gold}]}", "", .stepUp),
            ("{not: {acr: gold}}", #""acr": "gold""#, .conditionFalse),
            ("{scope: read}", "", .scopeMissing),
            ("{all: [{role: viewer}, {scope: read}]}", #""roles": "viewer""#, .scopeMissing),
            ("{all: [{role: viewer}, {scope: read}]}", "", .conditionFalse),
            ("{any: [{acr: gold}, {scope: read}]}", "", .stepUp),
            ("{all: [{acr: gold}, {scope: read}]}", "", .scopeMissing),
            ("{all: [{acr: gold}, {scope: read}]}", #""scope": "read""#, .stepUp),
            ("{not: {scope: read}}", #""scope": "read""#, .conditionFalse),
            ("{role: viewer}", "", .roleMissing),
            ("{all: [{role: viewer}]}", "", .conditionFalse),
            ("{claim: {subject: bob}}", "", .conditionFalse),
        ])
    func reasons(allow: String, claims: String, reason: DenyReason) throws {
        let denial = try denial(allow, claims)
        #expect(denial?.reason == reason)
        #expect(denial?.code == reason.rawValue)
    }

    @Test("a challenge names every class, the shortest age and every scope that is asked for")
    func challenge() throws {
        let stepUp = try denial(
            """
            {any: [{all: [{acr: [gold, silver]}, {auth_age: 1h}]}, {all: [{acr: gold}, \
            {auth_age: 10m}, {not: {acr: bronze}}]}]}
            """)?.stepUp
        #expect(stepUp?.acrValues == ["gold", "silver"])
        #expect(stepUp?.maxAge == 600)
        #expect(try denial("{acr: gold}")?.stepUp?.maxAge == nil)
        #expect(try denial("{auth_age: 90s}")?.stepUp?.acrValues == [])

        let scopes = try denial("{all: [{scope: [read, write]}, {scope: [write, audit]}]}")
        #expect(scopes?.scopes == ["read", "write", "audit"] && scopes?.stepUp == nil)
        #expect(try denial("{role: admin}")?.scopes == [])
    }

    @Test("a hidden route is hidden from those who may not know of it")
    func hidden() throws {
        #expect(try denial("{role: admin}", isHidden: true)?.isHidden == true)
        #expect(try denial("{role: admin}")?.isHidden == false)
        #expect(try denial("{claim: {subject: bob}}", isHidden: true)?.isHidden == true)
        // Who only has to sign in again may know of it.
        #expect(try denial("{acr: gold}", isHidden: true)?.isHidden == false)
        #expect(try denial("{scope: read}", isHidden: true)?.isHidden == false)
        let policy = try load(
            policyText(routes: "{id: one, match: GET /x, hide: true, allow: {role: admin}}"))
        #expect(try policy.outcome("GET /x").decision == .deny(.unauthenticated))
    }

    @Test("an unsafe header value is a reason after all others")
    func unsafeHeader() throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: one, match: GET /x, allow: {authenticated: true}}
                    {id: two, match: GET /y, allow: {role: admin}}
                    """))
        let odd = try policy.principal(json: #"{"sub": "a\nb"}"#)
        #expect(try policy.outcome("GET /x", as: odd).decision == .deny(.claimNotHeaderSafe))
        #expect(try policy.outcome("GET /y", as: odd).decision == .deny(.roleMissing))
    }
}
