import AccessPolicy
import TestSupport
import Testing

@Suite("Claims of a foreign issuer") struct ClaimMappingTests {
    private static let claims = """
        tier: {default: none}, team: {required: true}, groups: {type: [string], default: []}, \
        level: {type: integer, default: 0}, staff: {type: boolean, default: false}, \
        email: {when_verified: email_verified, default: ""}
        """
    private static let headers = """
        X-User: subject, X-Tier: tier, X-Team: team, X-Groups: groups, X-L: level, X-S: staff, \
        X-Email: email
        """

    private func policy(_ mapping: String) throws -> PolicySet {
        try load(
            policyText(
                routes: "{id: a, match: GET /a, allow: {anyone: true}}", claims: Self.claims,
                headers: Self.headers, mapping: mapping))
    }

    /// The lines that the upstream is told beside those of claims that are as always.
    private func told(_ claims: String, _ mapping: String) throws -> [String] {
        let principal = try policy(mapping).principal(json: #"{"sub": "a", \#(claims)}"#)
        let usual = ["X-User: a", "X-Tier: none", "X-Team: t", "X-L: 0", "X-S: false"]
        return (principal.headerText ?? "unsafe").split(separator: "\r\n").map(String.init)
            .filter { !usual.contains($0) }
    }

    private func detail(_ claims: String, _ mapping: String) throws -> String? {
        do {
            _ = try policy(mapping).principal(json: #"{"sub": "a", \#(claims)}"#)
            return nil
        } catch let rejection as PrincipalRejection {
            #expect(rejection.code == "token_claim")
            return rejection.detail
        }
    }

    @Test("a claim comes from where the issuer has it, and from nowhere else")
    func from() throws {
        #expect(try told(#""squad": "s""#, "team: squad") == ["X-Team: s"])
        #expect(
            try told(#""x": {"y": "s"}, "team": "t""#, "team: {from: [x.z, x.y]}") == ["X-Team: s"])
        #expect(
            try detail(#""team": "t""#, "team: squad") == "required claim `team` is missing")
        #expect(
            try told(#""team": "t", "tier": "gold", "plan": "free""#, "tier: plan")
                == ["X-Tier: free"])
    }

    @Test("the subject may come from another claim, with the issuer's prefix in front")
    func subject() throws {
        let policy = try load(
            """
            version: 1
            issuers:
              corp:
                {issuer: i, audience: a, subject_prefix: "corp:", claims: {subject: oid}}
            routes: [{id: a, match: "GET /u/{user}", allow: {equal: [path.user, claims.subject]}}]
            """)
        let principal = try policy.principal(json: #"{"sub": "a", "oid": "b"}"#, issuer: "corp")
        #expect(principal.subject == Array("corp:b".utf8))
        #expect(try policy.outcome("GET /u/corp:b", as: principal).decision == .allow)
        for json in [#"{"sub": "a"}"#, #"{"sub": "a", "oid": 1}"#, #"{"sub": "a", "oid": ""}"#] {
            #expect(throws: PrincipalRejection.self) {
                try policy.principal(json: json, issuer: "corp")
            }
        }
    }

    @Test("texts are mapped to values of the claim's type")
    func targets() throws {
        let mapping = """
            tier: {map: {p1: gold, p2: silver}}, level: {from: tier, map: {p1: 3, p2: -2}}, \
            staff: {from: tier, map: {p1: true, p2: false}}, \
            groups: {from: tier, form: string_or_list, map: {p1: [x, y], p2: z}}
            """
        #expect(
            try told(#""team": "t", "tier": "p1""#, mapping)
                == ["X-Tier: gold", "X-Groups: x,y", "X-L: 3", "X-S: true"])
        #expect(
            try told(#""team": "t", "tier": "p2""#, mapping)
                == ["X-Tier: silver", "X-Groups: z", "X-L: -2"])
    }

    @Test("a text that the map does not name counts as absent, or stays as it is")
    func unmapped() throws {
        let claims = #""team": "t", "tier": "p9""#
        #expect(try told(claims, "tier: {map: {p1: gold}}") == [])
        #expect(try told(claims, "tier: {map: {p1: gold}, unmapped: keep}") == ["X-Tier: p9"])
        #expect(try told(claims, "level: {from: tier, map: {p1: 3}}") == ["X-Tier: p9"])
        #expect(
            try detail(claims, "team: {map: {x: y}}")
                == "required claim `team` has a value that is not in its `map`")
    }

    @Test("members of a list are mapped one by one, and equal ones are told once")
    func members() throws {
        let claims = #""team": "t", "groups": ["a", "b", "c", "a"]"#
        #expect(
            try told(claims, "groups: {map: {a: ops, c: ops, d: dev}}") == ["X-Groups: ops"])
        #expect(
            try told(claims, "groups: {map: {a: [ops, dev]}, unmapped: keep}")
                == ["X-Groups: ops,dev,b,c"])
        // A list of which nothing is left is an empty list, not an absent one.
        #expect(try told(claims, "groups: {map: {z: ops}}") == [])
    }

    @Test(
        "case 99: a list may be written in each form, and the other form is refused",
        arguments: [
            ("string", #""a b""#, "a b"), ("string", #"["a"]"#, nil),
            ("list", #"["a", "b"]"#, "a,b"), ("list", #""a""#, nil),
            ("string_or_list", #""a""#, "a"), ("string_or_list", #"["a", "b"]"#, "a,b"),
            ("string_or_list", "1", nil), ("string_or_list", #"["a", 1]"#, nil),
            ("space_separated", #""a b""#, "a,b"), ("space_separated", #""a  b""#, nil),
            ("space_separated", #"["a", "b"]"#, nil),
        ] as [(String, String, String?)])
    func forms(form: String, claim: String, value: String?) throws {
        let claims = #""team": "t", "groups": \#(claim)"#
        if let value {
            #expect(try told(claims, "groups: {form: \(form)}") == ["X-Groups: \(value)"])
        } else {
            #expect(
                try detail(claims, "groups: {form: \(form)}")
                    == "claim `groups` does not have the form `\(form)`")
        }
    }

    @Test("a token that is spelled in escapes says the same as one that is not")
    func escapes() throws {
        let mapping = """
            subject: x.oid, tier: {map: {p1: gold}}, team: x.team, groups: {form: string_or_list}, \
            level: {from: x.tier, map: {p1: 3}}, roles: {form: space_separated}, email: mail
            """
        let plain = #"""
            {"x": {"oid": "a/b", "team": "t t", "tier": "p1"}, "tier": "p1", "groups": ["g/1", "g"],
            "roles": "viewer admin", "mail": "a@b.test", "email_verified": true}
            """#
        func escaped(_ text: String) -> String {
            var result = ""
            var isText = false
            for scalar in text.unicodeScalars {
                if scalar == "\"" { isText.toggle() }
                guard isText, scalar != "\"" else {
                    result.unicodeScalars.append(scalar)
                    continue
                }
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
            return result
        }
        let policy = try policy(mapping)
        let first = try policy.principal(json: plain)
        let second = try policy.principal(json: escaped(plain))
        #expect(
            first.headerText == "X-User: a/b\r\nX-Tier: gold\r\nX-Team: t t\r\nX-Groups: g/1,g\r\n"
                + "X-L: 3\r\nX-S: false\r\nX-Email: a@b.test\r\n")
        #expect(second.headerText == first.headerText)
        #expect(second.subject == first.subject)
        #expect(first.roleNames == ["admin", "viewer"])
        #expect(second.roleNames == first.roleNames)
    }

    @Test(
        "what is no text is not mapped",
        arguments: ["1", "true", "null", "{}", #"["p1"]"#, #"{"p1": "p1"}"#])
    func noText(claim: String) throws {
        #expect(
            try detail(#""team": "t", "tier": \#(claim)"#, "tier: {map: {p1: gold}}")
                == "claim `tier` does not have the form `string`")
        #expect(
            try detail(#""team": "t", "level": \#(claim)"#, "level: {map: {\"1\": 1}}")
                == "claim `level` does not have the form `string`")
    }

    @Test("`when_verified` holds wherever the issuer has the address")
    func verified() throws {
        let claims = #""team": "t", "mail": "a@corp.test""#
        #expect(try told(claims, "email: mail") == [])
        #expect(try told(claims + #", "email_verified": false"#, "email: mail") == [])
        #expect(
            try told(claims + #", "email_verified": true"#, "email: mail")
                == ["X-Email: a@corp.test"])
    }

    @Test(
        "case 98: a value that is no safe header value stops the request, mapped, kept or split",
        arguments: [
            #"a\r\nX-Admin: 1"#, #"a\nb"#, #"a\rb"#, #"a\u0000b"#, #"a\u007f"#, #"\u00e9"#, "a,b",
            "a;b", String(repeating: "a", count: 4097),
        ])
    func headerSafety(value: String) throws {
        for (claim, mapping) in [
            ("tier", "tier: {map: {x: y}, unmapped: keep}"), ("squad", "tier: squad"),
            ("groups", "groups: {form: string}"), ("groups", "groups: {form: space_separated}"),
        ] {
            let policy = try policy(mapping)
            let principal = try policy.principal(
                json: #"{"sub": "a", "team": "t", "\#(claim)": "\#(value)"}"#)
            #expect(principal.identityHeaders == .unsafe)
            #expect(
                try policy.outcome("GET /a", as: principal).decision == .deny(.claimNotHeaderSafe))
        }
    }

    @Test("case 98: a map cannot make an unsafe value pass")
    func unsafeTarget() throws {
        let policy = try policy(#"tier: {map: {x: "a\r\nb"}}"#)
        let principal = try policy.principal(json: #"{"sub": "a", "team": "t", "tier": "x"}"#)
        #expect(principal.identityHeaders == .unsafe)
    }

    @Test(
        "T20: an address that only looks like another is another",
        arguments: [
            #""root@corp.test@evil.test", "email_verified": true"#,
            #""root@corp.test\u0000", "email_verified": true"#,
            #""root@corp.test ", "email_verified": true"#,
            #""ROOT@corp.test", "email_verified": true"#,
            #""root@corp.test.evil.test", "email_verified": true"#,
            #""evil.test#root@corp.test", "email_verified": true"#,
            #""root@corp.test", "email_verified": "true""#,
            #""root@corp.test", "email_verified": false"#, #""root@corp.test""#,
        ])
    func addresses(email: String) throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: a, match: GET /a, allow: {equal: [claims.email, "root@corp.test"]}}
                    {id: b, match: GET /b, allow: {equal: [claims.rank, chief]}}
                    """,
                claims: """
                    email: {when_verified: email_verified, default: ""}, rank: {default: ""}
                    """,
                mapping: "rank: {from: email, map: {root@corp.test: chief}}"))
        let stranger = try policy.principal(json: #"{"sub": "a", "email": \#(email)}"#)
        #expect(try policy.outcome("GET /a", as: stranger).decision == .deny(.conditionFalse))
        let root = try policy.principal(
            json: #"{"sub": "a", "email": "root@corp.test", "email_verified": true}"#)
        #expect(try policy.outcome("GET /a", as: root).decision == .allow)
        #expect(try policy.outcome("GET /b", as: root).decision == .allow)
    }

    @Test(
        "case 103: `__proto__` and `constructor` are names like any other",
        arguments: ["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"])
    func plainNames(name: String) throws {
        let policy = try load(
            policyText(
                routes: "{id: a, match: GET /a}", claims: "\(name): {default: none}",
                headers: "X-It: \(name), X-Roles: roles",
                mapping: "roles: {from: \(name).roles, map: {\(name): admin}}, \(name): \(name).it")
        )
        let header = "X-It: none\r\n"
        #expect(try policy.principal(json: #"{"sub": "a"}"#).headerText == header)
        #expect(
            try policy.principal(json: #"{"sub": "a", "\#(name)": {"admin": true}}"#).headerText
                == header)
        #expect(
            try policy.principal(
                json: #"{"sub": "a", "\#(name)": {"it": "x", "roles": ["\#(name)"]}}"#
            ).headerText == "X-It: x\r\nX-Roles: admin,viewer\r\n")
        // A claim of that name gives the token nothing that it does not say.
        let plain = try load(attackPolicy).principal(
            json: #"{"sub": "a", "\#(name)": {"roles": ["admin"], "sub": "root"}}"#)
        #expect(plain.headerText == "X-Auth-User: a\r\n")
    }
}
