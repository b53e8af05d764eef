import AccessPolicy
import StrictJSON
import Testing

@Suite struct AssertionRuleTests {
    private static let claims = """
        username: {default: ""}, groups: {type: [string], default: []}, \
        level: {type: integer, default: 0}, staff: {type: boolean, default: false}
        """

    private func policy(_ assertion: String, headers: String = "X-Auth-User: subject") -> String {
        policyText(routes: "{id: a, match: GET /a}", claims: Self.claims, headers: headers)
            .replacing("identity: {", with: "identity: {assertion: \(assertion), ")
    }

    private func members(_ assertion: String, _ json: String) throws -> String {
        let principal = try load(policy(assertion)).principal(json: json)
        return String(
            decoding: JSONWriter.write(.object(principal.assertionClaims)), as: UTF8.self)
    }

    @Test("without the key there is no rule")
    func none() throws {
        let plain = try load(policyText(routes: "{id: a, match: GET /a}"))
        #expect(plain.assertion == nil)
    }

    @Test("`{}` has all defaults")
    func defaults() throws {
        let loaded = try load(policy("{}"))
        let rule = try #require(loaded.assertion)
        #expect(rule.header == "X-Ostiary-Assertion")
        #expect(rule.lifetime == 60)
        #expect(rule.bindings == [])
        #expect(rule.claimNames == ["roles"])
        #expect(loaded.injectedHeaderNames == ["X-Auth-User", "X-Ostiary-Assertion"])
    }

    @Test("every key is read")
    func everyKey() throws {
        let loaded = try load(
            policy("{header: X-Who, ttl: 2m, claims: [sub, username], bind: [path, method, host]}"))
        let rule = try #require(loaded.assertion)
        #expect(rule.header == "X-Who")
        #expect(rule.lifetime == 120)
        #expect(rule.bindings == [.path, .method, .host])
        #expect(rule.claimNames == ["username"])
        #expect(try load(policy("{bind: path, claims: username}")).assertion?.bindings == [.path])
    }

    @Test("the members have the types of the claims, and a text that is empty is left out")
    func types() throws {
        let all = "{claims: [username, roles, groups, level, staff]}"
        #expect(
            try members(
                all,
                #"{"sub":"alice","username":"a\"é,;\n","roles":["admin"],"groups":["b","a"],"level":-4,"staff":true}"#
            )
                == #"{"sub":"alice","username":"a\"é,;\n","roles":["admin","viewer"],"groups":["b","a"],"level":-4,"staff":true}"#
        )
        #expect(
            try members(all, #"{"sub":"alice"}"#)
                == #"{"sub":"alice","roles":[],"groups":[],"level":0,"staff":false}"#)
        #expect(try members("{claims: []}", #"{"sub":"alice"}"#) == #"{"sub":"alice"}"#)
    }

    @Test("the subject has the issuer's prefix")
    func prefix() throws {
        let text = policy("{claims: []}").replacing(
            "audience: app", with: "audience: app, subject_prefix: \"corp:\"")
        let principal = try load(text).principal(json: #"{"sub":"alice"}"#)
        #expect(principal.assertionClaims.first?.value == .string("corp:alice"))
    }

    @Test(
        "what cannot be meant is refused, with what to do",
        arguments: [
            ("{header: Cookie}", "cannot carry an assertion; choose a name"),
            ("{header: \"X Who\"}", "`X Who` is no header name"),
            ("{header: x_auth_user}", "header `x_auth_user` carries `subject` already"),
            ("{ttl: 4s}", "must be whole seconds from `5s` to `10m`"),
            ("{ttl: 11m}", "must be whole seconds from `5s` to `10m`"),
            ("{ttl: 5500ms}", "must be whole seconds from `5s` to `10m`"),
            ("{claims: [email]}", "claim `email` is not declared"),
            ("{claims: [usernam]}", "did you mean `username`?"),
            ("{claims: [roles, roles]}", "names `roles` twice; remove one"),
            ("{claims: [exp]}", "`exp` means something else in an assertion"),
            ("{bind: [query]}", "can hold `method`, `host` and `path`, not `query`"),
            ("{bind: [path, path]}", "names `path` twice"),
            ("{audience: x}", "the audience is the name of the app"),
            ("{keys: [a.pem]}", "the keys stand in `ostiary.yaml`"),
            ("[]", "must be a mapping"),
            ("true", "must be a mapping"),
        ])
    func mistakes(assertion: String, message: String) {
        let found = errors(policy(assertion))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test("a declared claim whose name assertions need themselves is refused where it is named")
    func reserved() {
        let text = policy("{claims: [path]}").replacing(
            "claims: {username", with: "claims: {path: {default: \"\"}, username")
        #expect(errors(text).count == 1)
    }

    @Test("it is for all routes, and a route that has one is told so")
    func onRoute() {
        let text = policyText(
            routes: "{id: a, match: GET /a, identity: {assertion: {}}, allow: {role: viewer}}")
        #expect(errors(text).first?.contains("it can only be set for all routes") == true)
    }

    @Test(
        "an issuer whose tokens would be assertions is refused",
        arguments: [
            "ostiary-assertion+jwt", "Ostiary-Assertion+JWT", "application/ostiary-assertion+jwt",
        ])
    func assertionAsToken(type: String) {
        let text = policyText(routes: "{id: a, match: GET /a}").replacing(
            "audience: app", with: "audience: app, token_type: [at+jwt, \(type)]")
        let found = errors(text)
        #expect(found.count == 1 && found[0].contains("never a token to sign in with"), "\(found)")
    }
}
