import AccessPolicy
import TestSupport
import Testing

@Suite struct IssuerTests {
    private func text(_ issuers: String) -> String {
        "version: 1\nissuers: {\(issuers)}\nroutes: [{id: a, match: GET /a, allow: {anyone: true}}]"
    }

    @Test("an issuer has the defaults of its documentation")
    func defaults() throws {
        let issuers = try load(text("corp: {issuer: \"https://id.test\", audience: app}")).issuers
        let corp = try #require(issuers.first)
        #expect(issuers.count == 1)
        #expect(corp.name == "corp")
        #expect(!corp.embedded)
        #expect(corp.issuer == "https://id.test")
        #expect(corp.audiences == ["app"])
        #expect(!corp.singleAudience)
        #expect(!corp.usesSecrets)
        #expect(corp.algorithms == ["ES256", "RS256", "EdDSA"])
        #expect(corp.tokenTypes == [])
        #expect(corp.requiredClaims == [])
        #expect(corp.leeway == 30)
        #expect(corp.maxLifetime == 86_400)
        #expect(!corp.allowMissingKeyID)
        #expect(corp.subjectPrefix == "")
    }

    @Test("every key of an issuer is read")
    func everyKey() throws {
        let issuers = try load(
            text(
                "corp: {issuer: \"https://id.test\", audience: [a, b], algorithms: [EdDSA], require: "
                    + "[exp, sub], max_lifetime: 12h, leeway: 0s, token_type: [Application/AT+JWT, "
                    + "JWT], allow_missing_kid: true, single_audience: true, subject_prefix: "
                    + "\"corp:\"}"
            )
        ).issuers
        let corp = try #require(issuers.first)
        #expect(corp.audiences == ["a", "b"])
        #expect(corp.singleAudience)
        #expect(corp.algorithms == ["EdDSA"])
        #expect(corp.tokenTypes == ["at+jwt", "jwt"])
        #expect(corp.requiredClaims == ["exp", "sub"])
        #expect(corp.leeway == 0)
        #expect(corp.maxLifetime == 43_200)
        #expect(corp.allowMissingKeyID)
        #expect(corp.subjectPrefix == "corp:")
    }

    @Test(
        "every algorithm of the verifier can be named, alone and with all of its kind",
        arguments: PolicyIssuer.supportedAlgorithms)
    func algorithms(name: String) throws {
        let isSecret = name.hasPrefix("HS")
        let kind = PolicyIssuer.supportedAlgorithms.filter { $0.hasPrefix("HS") == isSecret }
        for list in [[name], kind] {
            let issuer = try #require(
                try load(
                    text("c: {\(Self.corp), algorithms: [\(list.joined(separator: ", "))]}")
                ).issuers.first)
            #expect(issuer.algorithms == list)
            #expect(issuer.usesSecrets == isSecret)
        }
    }

    @Test("no algorithm with a secret counts unless the policy names it")
    func noSecretsByDefault() {
        #expect(PolicyIssuer.defaultAlgorithms.allSatisfy { !$0.hasPrefix("HS") })
        #expect(
            PolicyIssuer.defaultAlgorithms.allSatisfy(PolicyIssuer.supportedAlgorithms.contains))
    }

    @Test("the embedded issuer leaves its `issuer` and audience to the server")
    func embedded() throws {
        let local = try #require(try load(text("local: {embedded: true}")).issuers.first)
        #expect(local.embedded)
        #expect(local.issuer == nil)
        #expect(local.audiences == [])
        #expect(local.algorithms == [])
        let other = try #require(
            try load(
                text(
                    "local: {embedded: true, audience: x, leeway: 1m, max_lifetime: 1h, algorithms: ES256}"
                )
            ).issuers.first)
        #expect(other.audiences == ["x"])
        #expect(other.leeway == 60)
        #expect(other.maxLifetime == 3600)
        #expect(other.algorithms == ["ES256"])
    }

    private static let corp = "issuer: \"https://id.test\", audience: a"

    @Test(
        "an issuer is checked",
        arguments: [
            ("c: {issuer: x}", "missing key `audience` in `issuers.c`"),
            ("c: {audience: x}", "missing key `issuer` in `issuers.c`"),
            ("c: {issuer: \"\", audience: x}", "`issuers.c.issuer` is empty"),
            ("c: {\(corp), audience: []}", "duplicate key"),
            ("c: {issuer: x, audience: []}", "`issuers.c.audience` must name something"),
            (
                "c: {\(corp), algorithms: [HS256, RS256]}",
                "`RS256` beside `HS256`: an issuer signs either with a secret (`HS…`) or with a key "
                    + "pair; name the one kind that it uses"
            ),
            ("c: {\(corp), algorithms: [PS512, EdDSA, HS512]}", "`HS512` beside `PS512`"),
            ("c: {\(corp), algorithms: [HS384, Ed25519, HS256]}", "`Ed25519` beside `HS384`"),
            ("c: {\(corp), algorithms: [hs256]}", "did you mean `HS256`?"),
            ("c: {\(corp), algorithms: [ES256K]}", "`ES256K` is no algorithm that is accepted"),
            ("c: {\(corp), algorithms: [Ed448]}", "`Ed448` is no algorithm that is accepted"),
            (
                "l: {embedded: true, algorithms: HS256}",
                "the embedded issuer signs with keys of its own, never with a secret"
            ),
            ("c: {\(corp), single_audience: 1}", "must be `true` or `false`"),
            ("c: {\(corp), algorithms: [none]}", "`none` is no algorithm that is accepted"),
            ("c: {\(corp), algorithms: [ES265]}", "did you mean `ES256`?"),
            ("c: {\(corp), algorithms: []}", "`issuers.c.algorithms` must name something"),
            ("c: {\(corp), leeway: 30}", "`issuers.c.leeway` must be a length of time"),
            ("c: {\(corp), leeway: 1h}", "must be whole seconds from `0s` to `5m`"),
            ("c: {\(corp), leeway: 10ms}", "must be whole seconds from `0s` to `5m`"),
            ("c: {\(corp), max_lifetime: 0s}", "must be whole seconds from `1s`"),
            ("c: {\(corp), claims: {}}", "`issuers.c.claims` says nothing; fill it, or remove it"),
            ("c: {\(corp), allow_missing_kid: yes}", "must be `true` or `false`"),
            ("l: {embedded: true, issuer: x}", "unknown key `issuer` in `issuers.l`"),
            ("a: {embedded: true}, b: {embedded: true}", "`b` cannot be embedded: `a` is already"),
            ("\"a b\": {\(corp)}", "`a b` is no valid issuer name"),
        ])
    func checks(issuers: String, message: String) {
        let found = errors(text(issuers))
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
    }

    @Test("with more than one issuer, each but the embedded needs a subject prefix")
    func prefixRequired() {
        let found = errors(
            text("local: {embedded: true}, a: {\(Self.corp)}, b: {issuer: y, audience: a}"))
        #expect(
            found == [
                "policy.yaml:2:36: missing key `subject_prefix` in `issuers.a`: with more than one "
                    + "issuer, a subject alone does not tell who it is; write `subject_prefix: "
                    + "\"a:\"`",
                "policy.yaml:2:81: missing key `subject_prefix` in `issuers.b`: with more than one "
                    + "issuer, a subject alone does not tell who it is; write `subject_prefix: "
                    + "\"b:\"`",
            ])
    }

    @Test("subject prefixes must not give two people one subject", arguments: ["p:", "p:q:", "p"])
    func prefixOverlap(second: String) {
        let found = errors(
            text(
                "a: {\(Self.corp), subject_prefix: \"p:\"}, "
                    + "b: {issuer: y, audience: a, subject_prefix: \"\(second)\"}"))
        #expect(found.count == 1)
        #expect(found.first?.contains("can give two people one subject") == true)
    }

    @Test("two issuers with one `issuer` are a load error")
    func sameIssuer() {
        let found = errors(
            text(
                "a: {\(Self.corp), subject_prefix: \"a:\"}, b: {\(Self.corp), subject_prefix: \"b:\"}"
            ))
        #expect(found.count == 1)
        #expect(found.first?.contains("`a` and `b` have the same `issuer`") == true)
    }

    @Test("the subject carries the issuer's prefix everywhere")
    func prefix() throws {
        let policy = try load(
            """
            version: 1
            issuers:
              local: {embedded: true}
              corp: {\(Self.corp), subject_prefix: "corp:"}
            defaults: {identity: {headers: {X-User: subject}}}
            routes:
              - {id: a, match: "GET /u/{user}", allow: {equal: [path.user, claims.subject]}}
            """)
        let corp = try policy.principal(json: #"{"sub": "alice"}"#, issuer: "corp")
        let local = try policy.principal(json: #"{"sub": "alice"}"#, issuer: "local")
        #expect(corp.subject == Array("corp:alice".utf8))
        #expect(corp.headerText == "X-User: corp:alice\r\n")
        #expect(local.subject == Array("alice".utf8))
        #expect(try policy.outcome("GET /u/corp:alice", as: corp).decision == .allow)
        #expect(try policy.outcome("GET /u/alice", as: corp).decision == .deny(.conditionFalse))
        #expect(
            try policy.outcome("GET /u/corp:alice", as: local).decision == .deny(.conditionFalse))
        // The embedded issuer cannot speak for the other.
        #expect(throws: PrincipalRejection.self) {
            try policy.principal(json: #"{"sub": "corp:alice"}"#, issuer: "local")
        }
    }

    @Test("an issuer that the policy does not name has no principals")
    func unknownIssuer() throws {
        let policy = try load(attackPolicy)
        do {
            _ = try policy.principal(json: #"{"sub": "a"}"#, issuer: "other")
            Issue.record("a principal of an unknown issuer")
        } catch let rejection as PrincipalRejection {
            #expect(rejection.code == "token_issuer")
        }
    }

    @Test("a policy without issuers is one for public routes only")
    func noIssuers() throws {
        _ = try load("version: 1\nroutes: [{id: a, match: GET /a, auth: public}]")
        #expect(
            errors("version: 1\nroutes: [{id: a, match: GET /a}]") == [
                "policy.yaml:1:1: `issuers` names no issuer: route `a` needs a token, and none could "
                    + "be accepted; write `issuers: {local: {embedded: true}}` for the one inside "
                    + "ostiary"
            ])
        #expect(errors(text("")).count == 1)
        #expect(errors("version: 1\nissuers: []\nroutes: [{id: a, match: GET /a}]").count == 1)
    }
}
