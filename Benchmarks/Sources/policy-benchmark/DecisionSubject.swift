import AccessPolicy
import StrictJSON

/// Decisions about requests of one user under a policy of so many routes, each with two conditions: a
/// role, and a segment of the path that must be the user.
struct DecisionSubject {
    /// How a request is spelled.
    enum Spelling: String, CaseIterable {
        /// Its own folded form: one view is enough.
        case plain
        /// With an escape in it: the second view is computed and searched.
        case escaped
    }

    let routes: Int
    let spelling: Spelling
    /// Whether requests go through all routes in turn, so that nothing of a large policy stays in the
    /// processor's caches; otherwise a few routes are asked for again and again.
    var isSpread = false

    var name: String {
        "decision/\(routes)/\(spelling.rawValue)" + (isSpread ? "/spread" : "")
    }

    static let policySizes = [10, 1000, 10_000]

    static let all: [DecisionSubject] = policySizes.flatMap { size in
        Spelling.allCases.map { DecisionSubject(routes: size, spelling: $0) }
            + [DecisionSubject(routes: size, spelling: .plain, isSpread: true)]
    }

    func subject(_ policy: PolicySet) throws -> Subject {
        let user = try policy.principal(
            issuerName: "bench",
            claims: .object([
                JSONMember(name: "sub", value: .string("alice")),
                JSONMember(name: "roles", value: .array([.string("admin")])),
            ]))
        let host = Array("app.test".utf8)
        let paths = try (0..<(isSpread ? routes : min(routes, 16))).map { number in
            let route = isSpread ? number : number * routes / min(routes, 16)
            return try CanonicalPath(parsing: Array(path(route).utf8).span)
        }
        let facts = RequestFacts(method: .get, clientAddress: nil, now: 1_700_000_000)
        var next = 0
        return Subject(name) { count in
            for _ in 0..<count {
                next = next + 1 < paths.count ? next + 1 : 0
                let selection = try policy.select(.get, host: host.span, path: paths[next])
                let decision = policy.decide(
                    selection, path: paths[next], query: [UInt8]().span, facts: facts,
                    principal: user)
                guard case .allow = decision else { throw UnexpectedOutcome("denied") }
            }
        }
    }

    private func path(_ route: Int) -> String {
        let user = spelling == .plain ? "alice" : "alice/a%20b"
        return "/team\(route)/\(user)"
    }

    static func policy(routes: Int) throws -> PolicySet {
        var text = """
            version: 1
            issuers: {bench: {issuer: "https://issuer.test", audience: app}}
            claims: {subject: sub, me: sub}
            roles: {u: {}, admin: {includes: [u]}}
            routes:

            """
        for number in 0..<routes {
            // Short, since a policy file has at most a mebibyte.
            text +=
                "- {id: r\(number), match: \"GET /team\(number)/{me}/**\", "
                + "allow: {all: [{role: u}, {equal: [path.me, claims.me]}]}}\n"
        }
        return try PolicySet.load(text, file: "policy.yaml")
    }
}
