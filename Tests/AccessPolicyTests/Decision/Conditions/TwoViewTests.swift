import AccessPolicy
import Testing

/// Paths that can be read in two ways are allowed only where both ways are.
@Suite struct TwoViewTests {
    private let policy: PolicySet

    init() throws {
        policy = try load(
            policyText(
                routes: """
                    {id: ui, match: GET /**, allow: {role: viewer}}
                    {id: admin, match: ANY /admin/**, allow: {role: admin}}
                    {id: files, match: GET /files/**, auth: public}
                    {id: secret, match: GET /files/secret/**, hide: true, allow: {role: admin}}
                    {id: embed, match: "GET /embed/{id}", auth: optional, allow: {anyone: true}}
                    {id: own, match: "GET /embed/{id}/x", allow: {equal: [path.id, claims.subject]}}
                    {id: user, match: "ANY /users/{user}/**", path: {encoded_slash: keep}, \
                    allow: {any: [{equal: [path.user, claims.subject]}, {role: admin}]}}
                    """))
    }

    private func decision(
        _ request: String, _ subject: String? = nil, roles: [String] = []
    ) throws -> Decision {
        let principal = try subject.map { try policy.principal($0, roles: roles) }
        return try policy.outcome(request, as: principal).decision
    }

    @Test(
        "P9: a spelling that a lenient server takes for a stricter route needs the right to both",
        arguments: ["/ADMIN/x", "/Admin/x", "/admin;x=1/y", "/admin./x", "/admin%20/x"])
    func spellings(path: String) throws {
        #expect(try decision("GET \(path)", "alice", roles: ["viewer"]) == .deny(.ambiguousPath))
        #expect(try decision("GET \(path)", "root", roles: ["admin"]) == .allow)
        #expect(try decision("GET \(path)") == .deny(.unauthenticated))
    }

    @Test("P20: one route with two bindings is two views")
    func bindings() throws {
        let path = "GET /users/alice/..%2froot/p"
        #expect(try decision(path, "alice") == .deny(.ambiguousPath))
        #expect(try decision(path, "root") == .deny(.ambiguousPath))
        #expect(try decision(path, "admin", roles: ["admin"]) == .allow)
        #expect(try decision(path) == .deny(.unauthenticated))
        // The same binding in both views.
        #expect(try decision("GET /users/alice/a%2Fb", "alice") == .allow)
        #expect(try decision("GET /users/alice/a%2Fb", "bob") != .allow)
    }

    @Test("a public route in one view does not open a closed one in the other")
    func publicView() throws {
        #expect(try decision("GET /files/a") == .allow)
        #expect(try decision("GET /files/Secret/a") == .deny(.unauthenticated))
        guard
            case .deny(let denial) = try decision("GET /files/Secret/a", "a", roles: ["viewer"])
        else {
            Issue.record("allowed")
            return
        }
        #expect(denial.reason == .ambiguousPath && denial.isHidden)
        #expect(try decision("GET /files/Secret/a", "root", roles: ["admin"]) == .allow)
    }

    @Test("two public views need nobody")
    func twoPublicViews() throws {
        #expect(try decision("GET /Files/a") == .deny(.unauthenticated))
        #expect(try decision("GET /files/a;b/c") == .allow)
    }

    @Test("an optional route in one view asks strangers for a credential if the other needs one")
    func optionalView() throws {
        #expect(try decision("GET /embed/a") == .allow)
        #expect(try decision("GET /embed/a/") == .deny(.unauthenticated))
    }

    @Test("where no view has a route, the reason is that there is none")
    func noRoute() throws {
        #expect(try decision("POST /X", "root", roles: ["admin"]) == .deny(.noRoute))
        #expect(try decision("POST /X") == .deny(.unauthenticated))
    }

    @Test("a rule of `deny` comes before the question of views")
    func deny() throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: ui, match: GET /**, allow: {role: viewer}}
                    {id: admin, match: GET /admin, allow: {role: admin}}
                    """) + "\ndeny: [{id: mallory, when: {claim: {subject: mallory}}}]")
        let mallory = try policy.principal("mallory", roles: ["admin"])
        guard case .deny(let denial) = try policy.outcome("GET /Admin", as: mallory).decision else {
            Issue.record("allowed")
            return
        }
        #expect(denial.code == "deny.mallory")
    }
}
