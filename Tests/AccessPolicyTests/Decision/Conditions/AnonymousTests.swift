import AccessPolicy
import Testing

@Suite struct AnonymousTests {
    private static let claims = """
        level: {type: integer, default: 1}, staff: {type: boolean, default: false}, \
        list: {type: [string], default: []}, name: {type: string, default: a}
        """

    private func decision(_ allow: String, auth: String, from address: String? = nil) throws
        -> Decision
    {
        let policy = try load(
            policyText(
                routes: """
                    {id: one, match: "GET|POST /x/{v}", auth: \(auth), allow: \(allow), \
                    query: {q: {type: string, default: a}}}
                    """, claims: Self.claims))
        return try policy.outcome("GET /x/a", from: address).decision
    }

    /// Conditions about a principal, whatever they compare with.
    private static let personal = [
        "{role: viewer}", "{authenticated: true}", "{claim: {name: a}}", "{claim: {level: 1}}",
        "{claim: {staff: false}}", "{equal: [claims.name, a]}", "{equal: [claims.name, path.v]}",
        "{equal: [claims.name, claims.subject]}", "{equal: [query.q, claims.name]}",
        "{contains: [claims.list, a]}", "{contains: [claims.list, path.v]}",
        "{in: [claims.level, [1, 2]]}", "{scope: read}", "{acr: gold}", "{auth_age: 1h}",
    ]

    @Test(
        "what is asked about a principal holds for no stranger, negated or not", arguments: personal
    )
    func neverHolds(condition: String) throws {
        #expect(try decision(condition, auth: "optional") == .deny(.unauthenticated))
        let both = "{all: [{anyone: true}, {not: \(condition)}]}"
        guard condition != "{authenticated: true}" else { return }
        #expect(
            try decision("{not: \(condition)}", auth: "optional") == .deny(.unauthenticated))
        #expect(try decision(both, auth: "optional") == .deny(.unauthenticated))
        #expect(
            try decision("{not: {not: \(condition)}}", auth: "optional")
                == .deny(.unauthenticated))
        #expect(
            try decision("{not: {any: [\(condition), {method: POST}]}}", auth: "optional")
                == .deny(.unauthenticated))
    }

    @Test(
        "what is asked about the request holds for strangers, too",
        arguments: [
            "{anyone: true}", "{method: GET}", "{not: {method: POST}}", "{equal: [path.v, a]}",
            "{in: [client.ip, [10.0.0.0/8]]}", "{not: {in: [client.ip, [11.0.0.0/8]]}}",
            "{equal: [query.q, path.v]}", "{time: {after: 2020-01-01}}",
            "{any: [{role: viewer}, {anyone: true}]}",
        ])
    func holds(condition: String) throws {
        #expect(try decision(condition, auth: "optional", from: "10.0.0.1") == .allow)
        #expect(
            try decision(condition, auth: "required", from: "10.0.0.1")
                == .deny(.unauthenticated))
    }

    @Test("with a credential, an optional route decides by its condition")
    func optional() throws {
        let policy = try load(
            policyText(routes: "{id: one, match: GET /x, auth: optional, allow: {role: viewer}}"))
        let viewer = try policy.principal("alice", roles: ["viewer"])
        #expect(try policy.outcome("GET /x", as: viewer).decision == .allow)
        #expect(
            try policy.outcome("GET /x", as: policy.principal("bob")).decision
                == .deny(.roleMissing))
        #expect(try policy.outcome("GET /x").decision == .deny(.unauthenticated))
    }
}
