import AccessPolicy
import TestSupport
import Testing

/// Attacks on paths, as far as a policy meets them: what is not refused as a target must not reach a
/// route that it has no right to. `A` is alice, a viewer; `R` is root, an administrator.
@Suite struct AttackTests {
    private let policy: PolicySet
    private let alice: Principal
    private let root: Principal

    init() throws {
        policy = try load(attackPolicy)
        alice = try policy.principal("alice", roles: ["viewer"])
        root = try policy.principal("root", roles: ["admin"])
    }

    @Test(
        "the path is refused, for any route that does not allow its escapes",
        arguments: [
            ("P1", "/public/../admin/x"),
            ("P2", "/public/%2e%2e/admin/x"), ("P2", "/public/.%2e/admin/x"),
            ("P2", "/public/%2E%2E%2Fadmin"),
            ("P3", "/public/..%2fadmin/x"), ("P3", "/public/..%2Fadmin/x"),
            ("P4", "/public/..%5cadmin/x"), ("P4", "/public\\..\\admin"),
            ("P5", "/public/..;/admin/x"), ("P5", "/public/..;a=b/admin"),
            ("P7", "//admin/x"), ("P7", "/public//../admin"), ("P7", "/%2fadmin"),
            ("P8", "/public/%252e%252e/admin"),
            ("P10", "/admin%00.png"), ("P10", "/admin%0d%0a"), ("P10", "/admin%7f"),
            ("P12", "/admin/x#/public/"), ("P12", "/admin/x%23/api/status"),
            ("P13", "admin/x"), ("P14", "http://app.test/public/a"),
            ("P15", "http://other/admin/x"),
            ("P17", "/api/status/../secret"), ("P17", "/api/status%2f..%2fsecret"),
            ("P18", "/%c0%ae%c0%ae/"), ("P18", "/%e0%80%af"), ("P18", "/%zz"), ("P18", "/%u002e"),
            ("P20", "/users/alice/../root/p"), ("P20", "/users/alice%2f..%2froot/p"),
            ("P21", "/users/alice%00root/p"), ("P23", "*"),
        ])
    func refusedPaths(number: String, path: String) {
        let host = Array("app.test".utf8)
        #expect(throws: TargetRejection.self, "\(number)") {
            try policy.select(.get, host: host.span, path: parse(path))
        }
    }

    @Test(
        "P6: parameters do not turn a segment into another",
        arguments: ["/admin;x=1/y", "/admin;/y"])
    func parameters(path: String) throws {
        #expect(try policy.outcome("GET \(path)", as: alice).decision == .deny(.ambiguousPath))
        // As sent it is no route at all, and an administrator gets no further.
        #expect(try policy.outcome("GET \(path)", as: root).decision == .deny(.ambiguousPath))
        #expect(try policy.outcome("GET \(path)").decision == .deny(.unauthenticated))
    }

    @Test(
        "P11: the query is never part of a path", arguments: ["/admin/x?/public/", "/admin/x?x=/a"])
    func query(target: String) throws {
        #expect(throws: TargetRejection.forbiddenByte) { try parse(target) }
        // What comes before the `?` is judged alone.
        #expect(try policy.outcome("GET /admin/x").decision == .deny(.unauthenticated))
    }

    @Test(
        "P16: no spelling near a path is served in its place",
        arguments: [
            ("/admin/", "admin"), ("/admin", "admin"), ("/admin.", nil), ("/admin%20", nil),
            ("/admin..", nil), ("/ADMIN/x", nil), ("/Admin", nil), ("/admi%6e", "admin"),
        ] as [(String, String?)])
    func nearMisses(path: String, route: String?) throws {
        let expected: Denial = route == nil ? .ambiguousPath : .roleMissing
        #expect(
            try policy.outcome("GET \(path)", as: alice)
                == Outcome(route: route, decision: .deny(expected)))
    }

    @Test("P16: a trailing slash makes another path of one below a public prefix")
    func trailingSlash() throws {
        #expect(try policy.routeID("GET /public/a") == "public")
        #expect(try policy.routeID("GET /public/a/") == "public")
        #expect(try policy.routeID("GET /api/status/") == "api")
        #expect(try parse("/public/a/") != parse("/public/a"))
    }

    @Test("P20: a user's space is their own, compared exactly")
    func userSpace() throws {
        let own = Outcome(route: "user-space", decision: .allow)
        let foreign = Outcome(route: "user-space", decision: .deny(.conditionFalse))
        #expect(try policy.outcome("GET /users/alice/p", as: alice) == own)
        #expect(try policy.outcome("GET /users/Alice/p", as: alice) == foreign)
        #expect(try policy.outcome("GET /users/root/p", as: alice) == foreign)
        #expect(
            try policy.outcome("GET /users/alice;x/p", as: alice)
                == Outcome(route: "user-space", decision: .deny(.ambiguousPath)))
        #expect(try policy.outcome("GET /users/alice/p", as: root) == own)
        #expect(try policy.outcome("GET /users/alice/p").decision == .deny(.unauthenticated))
        #expect(try policy.outcome("POST /users/alice/p", as: alice).decision == .deny(.noRoute))
    }

    @Test("P21: an escaped space is another user, an escaped letter is the same, forwarded decoded")
    func escapedUsers() throws {
        #expect(
            try policy.outcome("GET /users/alice%20/p", as: alice).decision
                == .deny(.ambiguousPath))
        #expect(try policy.outcome("GET /users/%61lice/p", as: alice).decision == .allow)
        #expect(canonical("/users/%61lice/p") == "/users/alice/p")
    }

    @Test("P22: a path of a megabyte is refused in linear time")
    func hugePaths() throws {
        let clock = ContinuousClock()
        let paths = [
            "/" + String(repeating: "a", count: 1 << 20), String(repeating: "/a", count: 10_000),
            "/" + String(repeating: "../", count: 10_000),
            "/" + String(repeating: "%61", count: 350_000) + "%",
        ].map { Array($0.utf8) }
        for path in paths {
            let time = clock.measure { _ = try? parse(path) }
            // Milliseconds in a release build, seconds in a debug build under a sanitizer beside
            // other tests; hours if the reading were quadratic, which is what this is to notice.
            #expect(time < .seconds(30))
        }
        #expect(throws: TargetRejection.tooManySegments) {
            try parse(paths[1])
        }
        #expect(throws: TargetRejection.dotSegment) { try parse(paths[2]) }
        #expect(throws: TargetRejection.malformedEscape) {
            try parse(paths[3])
        }
    }
}
