import AccessPolicy
import Testing

@Suite struct ClaimTests {
    /// Whether a token with these claims, beside `sub`, satisfies `equal: [claims.it, literal]`.
    private func equals(_ claims: String, declared: String, literal: String) throws -> Bool {
        let policy = try policy(
            allow: "{equal: [claims.it, \(literal)]}", claims: "it: \(declared)")
        let principal = try policy.principal(json: #"{"sub": "a"\#(claims)}"#)
        return try policy.outcome("GET /x", as: principal).decision == .allow
    }

    private func rejection(_ json: String, claims: String) throws -> PrincipalRejection? {
        let policy = try policy(allow: "{anyone: true}", claims: claims)
        do {
            _ = try policy.principal(json: json)
            return nil
        } catch let rejection as PrincipalRejection {
            return rejection
        }
    }

    @Test(
        "a claim has the type that is declared",
        arguments: [
            (#", "it": "v""#, "{type: string, required: true}", "v"),
            (#", "it": "v""#, "{required: true}", "v"),
            (#", "it": "v""#, "it", "v"),
            (#", "it": -7"#, "{type: integer, required: true}", "-7"),
            (#", "it": true"#, "{type: boolean, required: true}", "true"),
            (#", "it": false"#, "{type: boolean, required: true}", "false"),
            ("", "{default: v}", "v"),
            ("", "{type: integer, default: 3}", "3"),
            ("", "{type: boolean, default: false}", "false"),
        ])
    func types(claims: String, declared: String, literal: String) throws {
        #expect(try equals(claims, declared: declared, literal: literal))
    }

    @Test(
        "a mistyped claim rejects the token, also when there is a default",
        arguments: [
            ("string", "1"), ("string", "null"), ("string", "true"), ("string", #"["a"]"#),
            ("string", #"{"a": 1}"#), ("integer", #""1""#), ("integer", "1.5"), ("integer", "true"),
            ("integer", "99999999999999999999"), ("boolean", "1"), ("boolean", #""true""#),
            ("'[string]'", #""a""#), ("'[string]'", #"["a", 1]"#), ("'[string]'", "{}"),
        ])
    func mistyped(type: String, value: String) throws {
        let type = type.replacing("'", with: "")
        let fallbacks = ["string": "a", "integer": "1", "boolean": "true", "[string]": "[]"]
        for rest in ["required: true", "default: \(fallbacks[type] ?? "")"] {
            let rejection = try rejection(
                #"{"sub": "a", "it": \#(value)}"#, claims: "it: {type: \(type), \(rest)}")
            #expect(rejection?.code == "token_claim")
            #expect(rejection?.detail == "claim `it` does not have the declared type")
        }
    }

    @Test("a required claim that is missing rejects the token")
    func missing() throws {
        let rejection = try rejection(#"{"sub": "a"}"#, claims: "it: {required: true}")
        #expect(rejection?.code == "token_claim")
        #expect(rejection?.detail == "required claim `it` is missing")
    }

    @Test(
        "the subject must be there, be text and not be empty",
        arguments: ["{}", #"{"sub": 1}"#, #"{"sub": null}"#, #"{"sub": ""}"#, "[]"])
    func subject(json: String) throws {
        #expect(try rejection(json, claims: "subject: sub")?.code == "token_claim")
    }

    @Test("the subject is `sub` and the roles are `roles` when the policy does not say")
    func conventions() throws {
        let policy = try policy(allow: "{role: viewer}", claims: "")
        let principal = try policy.principal(json: #"{"sub": "a", "roles": ["viewer"]}"#)
        #expect(principal.subject == Array("a".utf8))
        #expect(principal.roleNames == ["viewer"])
    }

    @Test("`from` is a name, a dotted path or a list, of which the first that is present counts")
    func sources() throws {
        let declared = "{from: [a.b.c, d], required: true}"
        #expect(try equals(#", "a": {"b": {"c": "v"}}"#, declared: declared, literal: "v"))
        #expect(try equals(#", "d": "v", "a": {"b": {}}"#, declared: declared, literal: "v"))
        #expect(try equals(#", "d": "v", "a": "b""#, declared: declared, literal: "v"))
        #expect(
            try !equals(#", "d": "v", "a": {"b": {"c": "w"}}"#, declared: declared, literal: "v"))
        #expect(throws: PrincipalRejection.self) {
            try equals(#", "d": "v", "a": {"b": {"c": 1}}"#, declared: declared, literal: "v")
        }
        // A dotted path is no name: nobody can smuggle it in as one.
        #expect(throws: PrincipalRejection.self) {
            try equals(#", "a.b.c": "v""#, declared: declared, literal: "v")
        }
    }

    @Test("a claim whose name is a URI is one name, dots and all")
    func uri() throws {
        #expect(
            try equals(
                #", "https://corp.test/it": "v""#,
                declared: "{from: \"https://corp.test/it\", required: true}", literal: "v"))
    }

    @Test(
        "email counts only while `when_verified` is exactly true",
        arguments: [
            (#""email_verified": true"#, true), (#""email_verified": false"#, false),
            (#""email_verified": "true""#, false), (#""email_verified": 1"#, false),
            (#""other": true"#, false),
        ])
    func verifiedEmail(json: String, counts: Bool) throws {
        let policy = try load(
            policyText(
                routes: "{id: a, match: GET /a}",
                claims: "email: {from: email, when_verified: email_verified, default: \"\"}",
                headers: "X-Auth-Email: email"))
        let principal = try policy.principal(json: #"{"sub": "a", "email": "a@b.test", \#(json)}"#)
        #expect(principal.headerText == (counts ? "X-Auth-Email: a@b.test\r\n" : ""))
    }

    @Test("a required email that is not verified rejects the token")
    func requiredVerifiedEmail() throws {
        let rejection = try rejection(
            #"{"sub": "a", "email": "a@b.test", "email_verified": false}"#,
            claims: "email: {when_verified: email_verified, required: true}")
        #expect(rejection?.detail == "required claim `email` is missing")
    }

    @Test(
        "a claim's declaration is checked",
        arguments: [
            ("it: {}", "claim `it` must be `required: true` or have a `default`"),
            ("it: {required: false}", "claim `it` must be `required: true` or have a `default`"),
            ("username: {from: name}", "claim `username` must be `required: true`"),
            ("it: {required: true, default: a}", "so its default would never be used"),
            ("it: {type: float, default: a}", "`claims.it.type` must be one of `string`"),
            ("it: {type: integer, default: a}", "`claims.it.default` must be a whole number"),
            ("it: {type: boolean, default: 1}", "`claims.it.default` must be `true` or `false`"),
            ("it: {type: [string], default: a}", "`claims.it.default` must be a list"),
            ("it: {from: a..b, default: a}", "`a..b` is no claim name"),
            ("it: {from: [], default: a}", "`claims.it.from` must name a claim"),
            (
                "it: {form: a, default: a}",
                "unknown key `form` in `claims.it`; did you mean `from`?"
            ),
            ("it: {when_verified: a, default: a}", "unknown key `when_verified`"),
            ("roles: {from: a, map: {}}", "unknown key `map` in `claims.roles`"),
            ("subject: {from: a, default: b}", "unknown key `default` in `claims.subject`"),
            ("a.b: {default: a}", "`a.b` is no valid claim name"),
        ])
    func declarations(claims: String, message: String) {
        let found = errors(policyText(routes: "{id: a, match: GET /a}", claims: claims))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }
}
