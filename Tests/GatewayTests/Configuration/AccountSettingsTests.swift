import Gateway
import StrictYAML
import TestSupport
import Testing
import TokenIssuing

@Suite("Settings of accounts")
struct AccountSettingsTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("accounts") }

    @Test("whoever shortens only the sessions gets the shorter times within them")
    func lowered() throws {
        let accounts = try trust("sessions: {lifetime: 60s}").accounts
        #expect(accounts.sessionLifetime == 60)
        #expect(accounts.sessionIdle == 60)
        #expect(accounts.accessLifetime == 60)
    }

    @Test(
        "refuses what cannot be, with its place and what to do",
        arguments: [
            (
                "sessions: {idle: 2d, lifetime: 1d}",
                "2:18: `sessions.idle` must not be longer than `sessions.lifetime`, "
                    + "which is `1d`, because no session lives longer"
            ),
            (
                "sessions: {access_token: 10m, idle: 5m}",
                "2:26: `sessions.access_token` must not be longer than `sessions.idle`, "
                    + "which is `5m`, because a session must live to see its token refreshed"
            ),
            (
                "sessions: {access_token: 2m, lifetime: 60s}",
                "2:26: `sessions.access_token` must not be longer than `sessions.idle`, "
                    + "which is `1m`, because a session must live to see its token refreshed"
            ),
            (
                "sessions: {access_token: 90500ms}",
                "2:26: `sessions.access_token` must be a whole number of seconds"
            ),
            (
                "sessions: {access_token: 2h}",
                "2:26: `sessions.access_token` must be between 30s and 1h, not `2h`"
            ),
            (
                "passwords: {min_length: 7}",
                "2:25: `passwords.min_length` must be a whole number between 8 and 1024, not `7`"
            ),
            (
                "registration: {mode: opne}",
                "2:22: `registration.mode` must be one of `closed`, `open`, not `opne`; "
                    + "did you mean `open`?"
            ),
            (
                "sessions: {token_claims: [email, emial]}",
                "2:34: `sessions.token_claims` must be one of `preferred_username`, `email`, "
                    + "`email_verified`, not `emial`; did you mean `email`?"
            ),
            (
                "sessions: {token_claims: [email, email]}",
                "2:26: `sessions.token_claims` must not name the claim `email` twice"
            ),
            (
                "registration: {default_roles: [viewer, viewer]}",
                "2:31: `registration.default_roles` must not name the role `viewer` twice"
            ),
            (
                "registration: {default_roles: [\"a b\"]}",
                "2:32: `registration.default_roles` must be the name of a role, not `a b`"
            ),
            (
                "registration: {defaultroles: []}",
                "2:16: unknown key `defaultroles` in `registration`; "
                    + "did you mean `default_roles`?"
            ),
        ])
    func refused(line: String, expected: String) throws {
        #expect(try problems(line) == [expected])
    }

    @Test("needs neither an upstream nor the built-in policy to know the embedded issuer")
    func issuerSettings() throws {
        let trust = try trust("registration: {mode: open, default_roles: [viewer]}")
        let settings = try trust.issuerSettings(for: try LoadedPolicy.load(nil))
        #expect(settings?.issuer == "http://127.0.0.1:8080")
        #expect(settings?.audience == ["ostiary"])
        #expect(settings?.registration.rawValue == "open")
        #expect(settings?.defaultRoles == ["viewer"])
        #expect(settings?.leeway == 30)
    }

    @Test("a default role that the policy does not declare is told where it is written")
    func undeclaredRole() throws {
        let trust = try trust("registration: {default_roles: [viewr, admin]}")
        let found = try #require(throws: Diagnostics.self) {
            try trust.issuerSettings(for: try LoadedPolicy.load(nil))
        }
        #expect(
            found.all.map { $0.description.replacing("\(folder.path)/", with: "") } == [
                "ostiary.yaml:2:31: `registration.default_roles` names the role `viewr`, "
                    + "which the policy (built in) does not declare; did you mean `viewer`?"
            ])
    }

    @Test("access tokens that the policy would refuse for their lifetime are refused first")
    func longerThanThePolicy() throws {
        let policy = try folder.write(
            "policy.yaml",
            """
            version: 1
            issuers: {local: {embedded: true, max_lifetime: 2m}}
            roles: {viewer: {}}
            routes: [{id: all, match: GET /**, allow: {role: viewer}}]
            """)
        let trust = try trust("policy: \(policy)")
        let loaded = try LoadedPolicy.load(trust.policy)
        let found = try #require(throws: Diagnostics.self) {
            try trust.issuerSettings(for: loaded)
        }
        #expect(
            found.all.map(\.description) == [
                "`sessions.access_token` must not be longer than the policy `\(policy)` accepts, "
                    + "which is `2m` for the issuer `local`; "
                    + "lower it, or raise the issuer's `max_lifetime`"
            ])
        let short = try self.trust("policy: \(policy)\nsessions: {access_token: 2m}")
        #expect(try short.issuerSettings(for: loaded)?.accessLifetime == 120)
    }

    @Test("refuses more default roles than an access token holds, before anybody registers")
    func tooManyDefaultRoles() throws {
        let roles = (1...30).map { "role-number-\($0)" }
        let policy = try folder.write(
            "policy.yaml",
            """
            version: 1
            issuers: {local: {embedded: true}}
            roles: {\(roles.map { "\($0): {}" }.joined(separator: ", "))}
            routes: [{id: all, match: GET /**, allow: {role: role-number-1}}]
            """)
        let list = roles.joined(separator: ", ")
        let trust = try trust("policy: \(policy)\nregistration: {default_roles: [\(list)]}")
        let loaded = try LoadedPolicy.load(trust.policy)
        let error = #expect(throws: Diagnostics.self) { try trust.issuerSettings(for: loaded) }
        #expect(
            error?.all.first?.message.contains("more roles than fit into an access token") == true)
    }

    @Test("a policy without an embedded issuer has no accounts")
    func noEmbeddedIssuer() throws {
        let policy = try folder.write(
            "policy.yaml",
            """
            version: 1
            issuers:
              corp: {issuer: "https://id.test", audience: app, algorithms: [ES256]}
            roles: {viewer: {}}
            routes: [{id: all, match: GET /**, allow: {role: viewer}}]
            """)
        let trust = try trust("policy: \(policy)")
        #expect(try trust.issuerSettings(for: try LoadedPolicy.load(trust.policy)) == nil)
    }

    private func trust(_ text: String) throws -> TrustConfiguration {
        let file = try folder.write("ostiary.yaml", "version: 1\n\(text)\n")
        return try ConfigurationSources(file: file, flags: [], environment: ["HOME": "/h"])
            .loadTrust()
    }

    private func problems(_ text: String) throws -> [String] {
        do {
            _ = try trust(text)
            return []
        } catch let error as Diagnostics {
            return error.all.map {
                $0.description.replacing("\(folder.path)/ostiary.yaml:", with: "")
            }
        }
    }
}
