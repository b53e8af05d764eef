import AccessPolicy
import PolicyTools
import StrictJSON
import Testing

@Suite("Why a policy answers as it does")
struct PolicyExplanationTests {
    private static let alice = PolicyPerson(
        name: "alice",
        claims: .object([
            JSONMember(name: "sub", value: .string("alice")),
            JSONMember(name: "roles", value: .array([.string("viewer")])),
        ]))

    private static func explain(
        _ method: Method, _ target: String, _ person: PolicyPerson? = alice, host: String? = nil,
        routes: String = ""
    ) throws -> String {
        let question = PolicyQuestion(
            method, target, host: host, now: 1_772_353_800, person: person)
        let policy = try PolicySet.load(SamplePolicy.text + routes, file: "p.yaml")
        return PolicyExplanation(policy, question).lines.joined(separator: "\n")
    }

    @Test("a refusal: path, candidates, each part with what was compared, and the answer")
    func refusal() throws {
        #expect(
            try Self.explain(.get, "/users/root/x") == """
                request  GET /users/root/x by alice
                host     app.test (none was given)
                path     /users/root/x
                time     2026-03-01T08:30:00Z

                routes for this path, most specific first:
                  ->  user-space  ANY /users/{user}/**  auth: required  wins: the literal `users`, where `ui` has `**`
                      ui          GET /**               auth: required  less specific

                who asks: subject "alice", roles: viewer

                deny (a rule that holds refuses whatever a route allows):
                  deny.suspended  no  claims.status = "suspended"  "active"

                allow of user-space: path.user = claims.subject or role admin
                  no  path.user = claims.subject  "root" and "alice"
                  no  role admin                  viewer

                REFUSED with 403, reason condition_false: the route's `allow` does not hold
                  the client is told no more than `forbidden`
                  with the role `admin` it would be allowed
                """)
    }

    @Test("what is allowed comes with the headers that the app is sent")
    func allowed() throws {
        let text = try Self.explain(.get, "/users/alice/x")
        #expect(
            text.hasSuffix(
                """
                  yes   path.user = claims.subject  "alice" and "alice"
                  (no)  role admin                  viewer

                ALLOWED: forwarded, and the app is told
                  X-Auth-User: alice
                  X-Auth-Roles: viewer
                """), "\(text)")
    }

    @Test("a signed assertion is shown with what it says of whoever asks")
    func assertion() throws {
        let text = SamplePolicy.text.replacing(
            "identity: {", with: "identity: {assertion: {bind: [path]}, ")
        let policy = try PolicySet.load(text, file: "policy.yaml")
        let question = PolicyQuestion(
            .get, "/users/alice/x", host: nil, now: 1_772_353_800, person: Self.alice)
        #expect(
            PolicyExplanation(policy, question).lines.last
                == #"  X-Ostiary-Assertion: signed, bound to the path: {"sub":"alice","roles":["viewer"]}"#
        )
        let visitor = PolicyQuestion(.get, "/assets/a", host: nil, now: 0, person: Self.alice)
        #expect(!PolicyExplanation(policy, visitor).lines.joined().contains("Assertion"))
    }

    @Test("a path with two views shows both, and what each needs")
    func views() throws {
        let text = try Self.explain(.get, "/Users/root/x")
        #expect(text.contains("routes for the folded path, which must allow it, too"))
        #expect(text.contains("allow of user-space, with the folded path"))
        #expect(text.contains("REFUSED with 403, reason ambiguous_path"))
        #expect(text.contains("folded   /users/root/x (what an app that ignores case takes it"))
        #expect(try Self.explain(.get, "/x;a/").contains("folded   /x (what a lenient app"))
    }

    @Test(
        "common mistakes get plain advice",
        arguments: [
            (.get, "//x", "write one slash; an app that takes two for one needs `slashes: merge`"),
            (.get, "/a/../b", "write the path without dots"),
            (.get, "/a%2Fb", "a route lets `%2F` through that says `path: {encoded_slash: keep}`"),
            (.get, "/a b", "write the character as an escape: `%20`"),
            (.get, "/users/{user}", "this looks like a pattern; write a path"),
            (.get, "users", "a path starts with a slash: `/users`"),
            (.get, "http://app.test/x", "write the path alone"),
            (.delete, "/api/items", "no route for this path is for DELETE; add it to the `match`"),
            (.post, "/api/items/", "`/api/items` has a route, `items`"),
            (.post, "/nowhere?x=1", "the query is never matched"),
        ] as [(Method, String, String)])
    func advice(method: Method, target: String, advice: String) throws {
        let text = try Self.explain(method, target)
        #expect(text.contains("hint: "), "\(text)")
        #expect(text.contains(advice), "\(text)")
        #expect(text.contains("REFUSED"), "\(text)")
    }

    @Test("a wrong host, nobody, and roles that are not declared")
    func people() throws {
        #expect(
            try Self.explain(.get, "/x", host: "foo.test")
                .contains("hint: the policy is about `app.test`, `other.test`"))
        #expect(try Self.explain(.get, "/x", nil).contains("hint: name somebody: `--as NAME`"))
        let boss = PolicyPerson(
            name: "b",
            claims: .object([
                JSONMember(name: "sub", value: .string("b")),
                JSONMember(name: "roles", value: .array([.string("boss")])),
            ]))
        #expect(try Self.explain(.get, "/x", boss).contains("declares no role `boss`"))
        let nobody = PolicyPerson(name: "n", claims: .object([]))
        let text = try Self.explain(.get, "/x", nobody)
        #expect(text.contains("REFUSED with 401, reason token_claim"))
        #expect(text.contains("who asks: somebody whose token is refused"))
    }

    @Test("the least roles that would do are named, and none where no role would")
    func remedies() throws {
        #expect(
            try Self.explain(.get, "/secret").contains(
                "  with the role `admin` it would be allowed"))
        let suspended = PolicyPerson(
            name: "s",
            claims: .object([
                JSONMember(name: "sub", value: .string("s")),
                JSONMember(name: "acr", value: .string("suspended")),
            ]))
        #expect(try !Self.explain(.get, "/x", suspended).contains("it would be allowed"))
        #expect(try !Self.explain(.get, "/users/alice/x").contains("it would be allowed"))
        #expect(try !Self.explain(.get, "/a%2Fb").contains("it would be allowed"))
    }

    @Test("what only the route, the query, the address or this version is to blame for is said")
    func causes() throws {
        let closed = try Self.explain(
            .get, "/closed/x", routes: "\n  - {id: closed, match: ANY /closed/**}\n")
        #expect(closed.contains("allow of closed: none, so it lets nobody in"))
        #expect(closed.contains("reason condition_false: the route has no `allow`\n"))
        let twice = try Self.explain(.get, "/page?full=true&full=false")
        #expect(twice.contains("reason bad_target: a parameter of the query is not accepted"))
        #expect(twice.contains("hint: a parameter that the route declares is there twice"))
        #expect(try Self.explain(.get, "/reports/2026/ops").contains("name it with `--ip`"))
        let handshake = try Self.explain(
            .webSocket, "/live",
            routes: "\n  - {id: live, match: WEBSOCKET /live, allow: {role: viewer}}\n")
        #expect(handshake.contains("ALLOWED"))
        #expect(handshake.contains("hint: a page of an origin that `websocket.origins`"))
    }

    @Test("where the target is refused, no route is called the winner or less specific")
    func refusedTargets() throws {
        let text = try Self.explain(.get, "/a%2Fb")
        #expect(!text.contains("less specific"))
        #expect(!text.contains("wins:"))
    }

    @Test("hidden routes, rules of deny and public routes say what a client gets")
    func answers() throws {
        #expect(try Self.explain(.get, "/secret").contains("REFUSED with 404, reason role_missing"))
        #expect(try Self.explain(.get, "/secret").contains("told no more than `not_found`"))
        #expect(try Self.explain(.get, "/assets/x", nil).contains("ALLOWED: forwarded without an"))
        let mallory = PolicyPerson(
            name: "m",
            claims: .object([
                JSONMember(name: "sub", value: .string("m")),
                JSONMember(name: "acr", value: .string("suspended")),
            ]))
        #expect(
            try Self.explain(.get, "/x", mallory)
                .contains("the client is told `forbidden`, and: Account suspended."))
    }

    @Test("nothing that was sent can rewrite a terminal")
    func controls() throws {
        let text = try Self.explain(.get, "/users/%C2%9B31m/\u{1B}[31m\u{202E}x")
        #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
        let escaped = try Self.explain(.get, "/users/%C2%9B31m/x")
        #expect(!escaped.unicodeScalars.contains { $0.value == 0x9B })
    }
}
