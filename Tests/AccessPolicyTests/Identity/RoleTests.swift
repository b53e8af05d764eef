import AccessPolicy
import TestSupport
import Testing

@Suite struct RoleTests {
    private func granted(_ roles: String) throws -> [String] {
        try load(attackPolicy).principal(json: #"{"sub": "alice", "roles": \#(roles)}"#).roleNames
    }

    @Test(
        "a string is one role and a list of strings is several",
        arguments: [
            (#""viewer""#, ["viewer"]), (#"["viewer"]"#, ["viewer"]),
            (#""admin""#, ["admin", "viewer"]), (#"["viewer", "admin"]"#, ["admin", "viewer"]),
            (#"["admin", "admin"]"#, ["admin", "viewer"]), ("[]", []),
        ])
    func shapes(claim: String, expected: [String]) throws {
        #expect(try granted(claim) == expected)
    }

    @Test(
        "T19: every other shape grants nothing",
        arguments: [
            #""viewer,admin""#, #""viewer admin""#, #""admin ""#, #"["admin "]"#, #"[" admin"]"#,
            #"["ADMIN"]"#, #""Admin""#, #"{"admin": true}"#, #"{"roles": ["admin"]}"#,
            #"["admin", 1]"#, #"["admin", null]"#, #"[["admin"]]"#, #"[null]"#, "null", "true", "1",
            #""""#, #"["admin\u0000"]"#, #"["viewer,admin"]"#,
        ])
    func otherShapes(claim: String) throws { #expect(try granted(claim) == []) }

    @Test("a role counts only if it is declared")
    func undeclared() throws {
        #expect(try granted(#"["root", "viewer", "superuser"]"#) == ["viewer"])
    }

    @Test("a role is compared byte for byte, not by what Unicode holds for equal")
    func kelvinSign() throws {
        let policy = try load(policyText(routes: "{id: a, match: GET /a}", roles: "K: {}"))
        #expect(try policy.principal("x", roles: ["\u{212A}"]).roleNames == [])
        #expect(try policy.principal("x", roles: ["K"]).roleNames == ["K"])
    }

    @Test("the first claim of `from` that is present counts, also when its shape is wrong")
    func firstPresent() throws {
        let policy = try load(
            policyText(
                routes: "{id: a, match: GET /a}",
                claims: "roles: {from: [roles, realm_access.roles]}"))
        func roles(_ json: String) throws -> [String] { try policy.principal(json: json).roleNames }
        #expect(
            try roles(#"{"sub": "a", "realm_access": {"roles": ["viewer"]}}"#) == ["viewer"])
        #expect(
            try roles(#"{"sub": "a", "roles": "admin", "realm_access": {"roles": "viewer"}}"#)
                == ["admin", "viewer"])
        #expect(
            try roles(#"{"sub": "a", "roles": {}, "realm_access": {"roles": "viewer"}}"#) == [])
        #expect(try roles(#"{"sub": "a", "roles": [], "realm_access": {"roles": "viewer"}}"#) == [])
    }

    @Test("`includes` is followed to the end")
    func includes() throws {
        let policy = try load(
            policyText(
                routes: "{id: a, match: GET /a, allow: {role: a}}",
                roles: "a: {}, b: {includes: [a]}, c: {includes: [b, d]}, d: {includes: a}, e: {}"))
        #expect(try policy.principal("x", roles: ["c"]).roleNames == ["a", "b", "c", "d"])
        #expect(try policy.principal("x", roles: ["e"]).roleNames == ["e"])
        #expect(
            try policy.outcome("GET /a", as: policy.principal("x", roles: ["c"])).decision == .allow
        )
    }

    @Test("256 roles can be declared, and no more")
    func capacity() throws {
        func text(_ count: Int) -> String {
            let roles = (0..<count).map { number in
                number == 0 ? "r0: {}" : "r\(number): {includes: [r\(number - 1)]}"
            }
            return policyText(
                routes: "{id: a, match: GET /a, allow: {role: r255}}",
                roles: roles.joined(separator: ", "))
        }
        let policy = try load(text(256))
        let principal = try policy.principal("x", roles: ["r255"])
        #expect(principal.roleNames.count == 256)
        #expect(try policy.outcome("GET /a", as: principal).decision == .allow)
        let lower = try policy.principal("x", roles: ["r254"])
        #expect(try policy.outcome("GET /a", as: lower).decision == .deny(.roleMissing))
        #expect(
            errors(text(257)).contains { $0.contains("a policy can declare 256 roles, not 257") })
    }

    @Test("roles that include each other are a load error, which shows the circle")
    func cycle() {
        let found = errors(
            policyText(
                routes: "{id: a, match: GET /a}",
                roles:
                    "a: {includes: [b]}, b: {includes: [c]}, c: {includes: [a]}, d: {includes: a}"))
        #expect(found.count == 1)
        #expect(
            found.first?.contains("roles include each other in a circle: `a` → `b` → `c` → `a`")
                == true)
    }

    @Test("a role that includes itself is a load error")
    func selfCycle() {
        let found = errors(
            policyText(routes: "{id: a, match: GET /a}", roles: "a: {includes: [a]}"))
        #expect(found.count == 1)
        #expect(found.first?.contains("`a` → `a`") == true)
    }

    @Test("an unknown role in `includes` is a load error with a suggestion")
    func unknownInclude() {
        #expect(
            errors(
                policyText(
                    routes: "{id: a, match: GET /a}",
                    roles: "viewer: {}, admin: {includes: [viewr]}")) == [
                    "policy.yaml:4:40: role `viewr` is not declared; did you mean `viewer`?"
                ])
    }
}
