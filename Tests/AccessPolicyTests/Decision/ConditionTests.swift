import AccessPolicy
import Testing

@Suite struct ConditionTests {
    private func allows(
        _ allow: String, _ json: String = "{\"sub\": \"alice\", \"roles\": [\"viewer\"]}",
        pattern: String = "/x", path: String = "/x", claims: String = "subject: sub"
    ) throws -> Bool {
        let policy = try policy(allow: allow, pattern: pattern, claims: claims)
        let principal = try policy.principal(json: json)
        return try policy.outcome("GET \(path)", as: principal).decision == .allow
    }

    @Test("`role` asks for a role that the principal has or includes")
    func role() throws {
        #expect(try allows("{role: viewer}"))
        #expect(try !allows("{role: admin}"))
        #expect(try allows("{role: viewer}", #"{"sub": "a", "roles": "admin"}"#))
    }

    @Test(
        "`equal` compares a variable with a claim, in either order",
        arguments: ["[path.user, claims.subject]", "[claims.subject, path.user]"])
    func variableAndClaim(sides: String) throws {
        func allows(_ path: String) throws -> Bool {
            try self.allows("{equal: \(sides)}", pattern: "/u/{user}/**", path: path)
        }
        #expect(try allows("/u/alice"))
        #expect(try allows("/u/alice/x"))
        #expect(try allows("/u/%61lice/x"))
        for other in ["Alice", "alic", "alicex", "alice;x", "alice%20", "bob", "al%C3%ADce"] {
            #expect(try !allows("/u/\(other)/x"))
        }
    }

    @Test("a variable is compared decoded, byte for byte")
    func decodedVariable() throws {
        func allows(_ path: String, _ subject: String) throws -> Bool {
            try self.allows(
                "{equal: [path.user, claims.subject]}", #"{"sub": "\#(subject)"}"#,
                pattern: "/u/{user}", path: path)
        }
        #expect(try allows("/u/J%C3%BCrgen%20K", "Jürgen K"))
        #expect(try allows("/u/corp:alice", "corp:alice"))
        #expect(try allows("/u/corp%3Aalice", "corp:alice"))
        // The same letter, composed and decomposed: different bytes.
        #expect(try !allows("/u/J%C3%BC", #"Ju\u0308"#))
        #expect(try !allows("/u/%4B", #"\u212A"#))
    }

    @Test("`equal` compares with a literal, in either order")
    func literal() throws {
        for sides in ["[path.user, alice]", "[alice, path.user]"] {
            #expect(try allows("{equal: \(sides)}", pattern: "/u/{user}", path: "/u/alice"))
            #expect(try !allows("{equal: \(sides)}", pattern: "/u/{user}", path: "/u/bob"))
        }
        for sides in ["[claims.subject, alice]", "[alice, claims.subject]"] {
            #expect(try allows("{equal: \(sides)}"))
            #expect(try !allows("{equal: \(sides)}", #"{"sub": "bob"}"#))
        }
        #expect(try allows("{equal: [claims.subject, \"a.b\"]}", #"{"sub": "a.b"}"#))
    }

    @Test("`equal` compares claims of one type")
    func twoClaims() throws {
        let claims = "level: {type: integer, default: 1}, needed: {type: integer, default: 2}"
        let allow = "{equal: [claims.level, claims.needed]}"
        #expect(try !allows(allow, claims: claims))
        #expect(try allows(allow, #"{"sub": "a", "level": 2}"#, claims: claims))
        #expect(
            try allows(
                "{equal: [claims.a, claims.b]}", #"{"sub": "a", "a": true}"#,
                claims: "a: {type: boolean, default: false}, b: {type: boolean, default: true}"))
    }

    @Test("`equal` compares two variables")
    func twoVariables() throws {
        func allows(_ path: String) throws -> Bool {
            try self.allows("{equal: [path.a, path.b]}", pattern: "/{a}/{b}", path: path)
        }
        #expect(try allows("/x/x"))
        #expect(try allows("/a:b/a%3Ab"))
        #expect(try !allows("/x/y"))
        #expect(try !allows("/x/xy"))
    }

    @Test("variables stand for the segment of their own name")
    func positions() throws {
        let allow = "{equal: [path.second, claims.subject]}"
        #expect(try allows(allow, pattern: "/{first}/*/{second}", path: "/bob/x/alice"))
        #expect(try !allows(allow, pattern: "/{first}/*/{second}", path: "/alice/x/bob"))
    }

    @Test("`authenticated` and `anyone` hold for every principal, and still ask for one")
    func everyone() throws {
        for allow in ["{authenticated: true}", "{anyone: true}"] {
            #expect(try allows(allow, #"{"sub": "bob"}"#))
            #expect(
                try policy(allow: allow).outcome("GET /x").decision == .deny(.unauthenticated))
        }
    }

    @Test(
        "`all`, `any` and `not` combine conditions",
        arguments: [
            ("{all: [{role: viewer}, {role: viewer}]}", true),
            ("{all: [{role: viewer}, {role: admin}]}", false),
            ("{all: [{role: admin}, {role: viewer}]}", false),
            ("{any: [{role: admin}, {role: viewer}]}", true),
            ("{any: [{role: viewer}, {role: admin}]}", true),
            ("{any: [{role: admin}, {role: admin}]}", false),
            ("{not: {role: admin}}", true), ("{not: {role: viewer}}", false),
            ("{not: {not: {role: viewer}}}", true),
            ("{all: [{role: viewer}, {not: {role: admin}}]}", true),
            (
                "{any: [{all: [{role: viewer}, {role: admin}]}, {equal: [claims.subject, alice]}]}",
                true
            ),
            (
                "{all: [{any: [{role: admin}, {role: viewer}]}, {equal: [claims.subject, bob]}]}",
                false
            ),
            ("{not: {any: [{role: admin}, {equal: [claims.subject, bob]}]}}", true),
            ("{all: [{any: [{role: viewer}]}, {any: [{role: admin}, {anyone: true}]}]}", true),
        ])
    func combinations(allow: String, expected: Bool) throws {
        #expect(try allows(allow) == expected)
    }

    @Test(
        "a name that the policy does not declare is a load error with place and suggestion",
        arguments: [
            ("{role: viewr}", "7:53: role `viewr` is not declared; did you mean `viewer`?"),
            (
                "{equal: [path.usr, claims.subject]}",
                "7:55: the route's pattern has no variable `usr`; did you mean `user`?"
            ),
            (
                "{equal: [path.user, claims.subjet]}",
                "7:66: claim `subjet` is not declared; did you mean `subject`?"
            ),
            (
                "{equal: [path.user, claim.subject]}",
                "7:66: unknown operand `claim.subject`; did you mean `claims.subject`?"
            ),
            ("{any: [{role: viewer}, {not: {role: a}}]}", "7:82: role `a` is not declared"),
        ])
    func unknownNames(allow: String, message: String) {
        let found = errors(
            policyText(routes: "{id: one, match: \"GET /x/{user}\", allow: \(allow)}"))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasPrefix("policy.yaml:\(message)") == true, "\(found)")
    }

    @Test(
        "a condition that means nothing is a load error",
        arguments: [
            ("{}", "a condition is a mapping with exactly one key"),
            ("{role: viewer, equal: [a, b]}", "a condition is a mapping with exactly one key"),
            ("viewer", "a condition is a mapping with exactly one key"),
            ("[{role: viewer}]", "a condition is a mapping with exactly one key"),
            ("{rol: viewer}", "unknown condition `rol`; did you mean `role`?"),
            ("{role: [viewer, admin]}", "`role` names one role; write `any:"),
            ("{all: []}", "`all` needs a condition"), ("{any: []}", "`any` needs a condition"),
            ("{any: {role: viewer}}", "`any` must be a list"),
            ("{authenticated: false}", "`authenticated` can only be `true`"),
            ("{anyone: yes}", "`anyone` must be `true` or `false`"),
            ("{equal: [claims.subject]}", "`equal` compares exactly two things"),
            ("{equal: [a, b]}", "`equal` compares two literals"),
            ("{equal: [claims.subject, claims.subject]}", "compares `claims.subject` with itself"),
            (
                "{equal: [claims.roles, viewer]}",
                "`claims.roles` cannot be compared; write `role: …`"
            ),
            ("{equal: [claims.groups, x]}", "`claims.groups` is a list"),
            ("{equal: [claims.level, x]}", "`claims.level` is an integer and never equals `x`"),
            ("{equal: [claims.level, \"1\"]}", "`claims.level` is an integer and never equals `1`"),
            ("{equal: [claims.level, claims.subject]}", "they are never equal"),
            ("{equal: [client.ip, claims.subject]}", "write `in: [client.ip, [10.0.0.0/8]]`"),
            ("{equal: [claims.subject, [a]]}", "`equal` compares `path.x`"),
        ])
    func meaningless(allow: String, message: String) {
        let found = errors(
            policyText(
                routes: "{id: one, match: GET /x, allow: \(allow)}",
                claims: "groups: {type: [string], default: []}, level: {type: integer, default: 0}")
        )
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test("conditions may be nested 16 deep")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "{not: ", count: depth) + "{role: viewer}"
                + String(repeating: "}", count: depth)
        }
        #expect(try allows(nested(14)))
        #expect(try !allows(nested(15)))
        let found = errors(policyText(routes: "{id: one, match: GET /x, allow: \(nested(16))}"))
        #expect(found.count == 1)
        #expect(found.first?.contains("conditions may be nested 16 deep and no deeper") == true)
    }
}
