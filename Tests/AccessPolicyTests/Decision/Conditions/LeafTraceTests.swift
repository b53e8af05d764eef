import AccessPolicy
import TestSupport
import Testing

@Suite struct LeafTraceTests {
    private func trace(
        _ policy: PolicySet, _ path: String, as principal: Principal?, query: String = ""
    ) throws -> [LeafTrace] {
        let path = try parse(path)
        let (host, query) = ([UInt8](), Array(query.utf8))
        let facts = RequestFacts(
            method: .get, clientAddress: IPAddress("10.0.0.1"), now: 1_800_000_000)
        return policy.trace(
            try policy.select(.get, host: host.span, path: path), path: path, query: query.span,
            facts: facts, principal: principal)
    }

    @Test("every leaf is shown with what was compared, in the order of the file")
    func leaves() throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: one, match: "GET /u/{user}", query: {t: {type: string}}, allow: {all: \
                    [{any: [{equal: [path.user, claims.subject]}, {role: admin}]}, \
                    {not: {claim: {status: closed}}}, {contains: [claims.list, query.t]}, \
                    {in: [client.ip, [10.0.0.0/8]]}, {scope: read}, {auth_age: 1h}, \
                    {time: {days: mon}}]}}
                    """,
                claims: "status: {default: new}, list: {type: [string], default: []}")
                + "\ndeny: [{id: closed, when: {claim: {status: closed}}}]")
        let alice = try policy.principal(
            json: #"{"sub": "alice", "roles": "viewer", "list": ["a"], "auth_time": 1799999990}"#)
        let leaves = try trace(policy, "/u/bob", as: alice, query: "t=a")
        #expect(leaves.allSatisfy { $0.view == .asSent })
        #expect(leaves.map(\.rule) == [.deny("closed")] + Array(repeating: .allow("one"), count: 8))
        #expect(
            leaves.map(\.words) == [
                "claims.status = \"closed\"", "path.user = claims.subject", "role admin",
                "not claims.status = \"closed\"", "claims.list has query.t",
                "client.ip in [\"10.0.0.0/8\"]", "scope read", "signed in within 1h", "time mon",
            ])
        #expect(
            leaves.map(\.holds) == [false, false, false, true, true, true, false, true, false])
        #expect(leaves.map(\.isAsked) == [true, true, true] + Array(repeating: false, count: 6))
        #expect(
            leaves.map(\.compared) == [
                "\"new\"", "\"bob\" and \"alice\"", "viewer", "\"new\"", "[\"a\"] and \"a\"",
                "10.0.0.1", "[]", "signed in 10s ago", "fri 08:00 UTC",
            ])
    }

    @Test("a path with two views shows both")
    func views() throws {
        let policy = try load(attackPolicy)
        let alice = try policy.principal("alice", roles: ["viewer"])
        let leaves = try trace(policy, "/users/Alice;x/p", as: alice)
        #expect(leaves.map(\.view) == [.asSent, .asSent, .folded, .folded])
        #expect(leaves[0].compared == "\"Alice;x\" and \"alice\"")
        #expect(leaves[2].compared == "\"Alice\" and \"alice\"")
    }

    @Test("strangers, unknown routes, and principals of other policies have little to show")
    func nothing() throws {
        let (policy, other) = (try load(attackPolicy), try load(attackPolicy))
        let stranger = try trace(policy, "/admin/x", as: nil)
        #expect(stranger.map(\.compared) == ["no credential"])
        #expect(stranger.map(\.holds) == [false])
        #expect(try trace(policy, "/public/x", as: nil).isEmpty)
        #expect(try trace(policy, "/nowhere", as: nil).isEmpty)
        #expect(try trace(policy, "/admin/x", as: other.principal("root")).isEmpty)
    }
}
