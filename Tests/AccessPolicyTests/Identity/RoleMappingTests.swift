import AccessPolicy
import TestSupport
import Testing

@Suite("Roles of a foreign issuer") struct RoleMappingTests {
    private static let roles = "viewer: {}, editor: {includes: [viewer]}, auditor: {}, \"a:b\": {}"

    private func policy(_ mapping: String) throws -> PolicySet {
        try load(
            policyText(
                routes: "{id: a, match: GET /a, allow: {role: editor}}", headers: "X-Roles: roles",
                roles: Self.roles, mapping: mapping))
    }

    /// The roles that a token with these claims, beside `sub`, has.
    private func granted(_ claims: String, _ mapping: String) throws -> [String] {
        try policy(mapping).principal(json: #"{"sub": "a", \#(claims)}"#).roleNames
    }

    private func rejection(_ claims: String, _ mapping: String) throws -> PrincipalRejection? {
        do {
            _ = try policy(mapping).principal(json: #"{"sub": "a", \#(claims)}"#)
            return nil
        } catch let rejection as PrincipalRejection {
            return rejection
        }
    }

    private static let groups =
        "roles: {from: groups, map: {/grp/analysts: viewer, /grp/all: [auditor, editor]}}"

    @Test("a foreign role counts only through the map")
    func onlyThroughMap() throws {
        #expect(try granted(#""groups": ["/grp/analysts"]"#, Self.groups) == ["viewer"])
        #expect(
            try granted(#""groups": ["/grp/all"]"#, Self.groups) == ["auditor", "editor", "viewer"])
        #expect(try granted(#""groups": "/grp/analysts""#, Self.groups) == ["viewer"])
        // Names of our own roles are foreign names here.
        #expect(try granted(#""groups": ["editor", "viewer", "auditor"]"#, Self.groups) == [])
        #expect(try granted(#""roles": ["editor"]"#, Self.groups) == [])
    }

    @Test("what the map does not name is dropped unless the policy says `unmapped: keep`")
    func unmapped() throws {
        let claims = #""groups": ["x", "auditor"]"#
        let map = "map: {x: viewer, editor: auditor}"
        #expect(try granted(claims, "roles: {from: groups, \(map)}") == ["viewer"])
        #expect(
            try granted(claims, "roles: {from: groups, \(map), unmapped: drop}") == ["viewer"])
        let keep = "roles: {from: groups, \(map), unmapped: keep}"
        #expect(try granted(claims, keep) == ["auditor", "viewer"])
        // What the map does name is no longer the role of that name.
        #expect(try granted(#""groups": ["editor"]"#, keep) == ["auditor"])
        // Kept or not, a role counts only if it is declared.
        #expect(try granted(#""groups": ["root"]"#, keep) == [])
    }

    @Test(
        "a name in the map is met by the very same bytes only",
        arguments: [
            #""/grp/Analysts""#, #""/grp/analysts ""#, #"" /grp/analysts""#, #""/grp/analysts/""#,
            #""/grp/analysts\u0000""#, #""/grp/analysts,/grp/all""#, #""grp/analysts""#, #""""#,
            #""/grp/analyst\u017f""#, #""/grp/analysts\u0301""#, #""\u002fgrp/analyst""#,
        ])
    func exactBytes(name: String) throws {
        #expect(try granted(#""groups": [\#(name)]"#, Self.groups) == [])
    }

    @Test("an escape in the token's JSON does not change a name")
    func escaped() throws {
        #expect(try granted(#""groups": ["\u002fgrp\/analysts"]"#, Self.groups) == ["viewer"])
    }

    @Test("two spellings of one letter are two names")
    func composed() throws {
        let mapping = "roles: {from: groups, map: {\"caf\u{E9}\": viewer}}"
        #expect(try granted("\"groups\": [\"caf\u{E9}\"]", mapping) == ["viewer"])
        #expect(try granted("\"groups\": [\"cafe\u{301}\"]", mapping) == [])
    }

    /// By form: the JSON of the claim, and what it grants; nil where the token is refused.
    private static let forms: [(form: String, claim: String, roles: [String]?)] = [
        ("string", #""viewer""#, ["viewer"]),
        ("string", #""viewer auditor""#, []),
        ("string", #"["viewer"]"#, nil),
        ("string", #"[]"#, nil),
        ("list", #"["viewer", "auditor"]"#, ["auditor", "viewer"]),
        ("list", #"["viewer auditor"]"#, []),
        ("list", #"[]"#, []),
        ("list", #""viewer""#, nil),
        ("list", #""""#, nil),
        ("string_or_list", #""viewer""#, ["viewer"]),
        ("string_or_list", #"["viewer"]"#, ["viewer"]),
        ("string_or_list", #""viewer auditor""#, []),
        ("string_or_list", #"{"viewer": true}"#, nil),
        ("space_separated", #""viewer""#, ["viewer"]),
        ("space_separated", #""viewer auditor""#, ["auditor", "viewer"]),
        ("space_separated", #""openid viewer profile""#, ["viewer"]),
        ("space_separated", #""""#, []),
        ("space_separated", #""viewer,auditor""#, []),
        ("space_separated", #""viewer\tauditor""#, []),
        ("space_separated", #""viewer\u00a0auditor""#, []),
        // A mark behind the space belongs to the next name; it makes no other letter of the space.
        ("space_separated", #""viewer \u0301auditor""#, ["viewer"]),
        ("space_separated", #""viewer  auditor""#, nil),
        ("space_separated", #"" viewer""#, nil),
        ("space_separated", #""viewer ""#, nil),
        ("space_separated", #"" ""#, nil),
        ("space_separated", #"["viewer"]"#, nil),
    ]

    @Test("case 99: a claim is read in the form that the issuer's profile says", arguments: forms)
    func form(form: String, claim: String, roles: [String]?) throws {
        for name in ["roles", "scope"] {
            let mapping = "roles: {from: \(name), form: \(form)}"
            if let roles {
                #expect(try granted(#""\#(name)": \#(claim)"#, mapping) == roles)
            } else {
                let rejection = try rejection(#""\#(name)": \#(claim)"#, mapping)
                #expect(rejection?.code == "token_claim")
                #expect(rejection?.detail == "claim `roles` does not have the form `\(form)`")
            }
        }
    }

    @Test(
        "T19: whatever the form, nothing that is no text is a role",
        arguments: ["string", "list", "string_or_list", "space_separated"],
        [
            "null", "true", "1", #"{"viewer": true}"#, #"["viewer", null]"#, #"["viewer", 1]"#,
            #"[["viewer"]]"#, #"[{"viewer": true}]"#, #"{"roles": ["viewer"]}"#,
        ])
    func noText(form: String, claim: String) throws {
        let rejection = try rejection(#""roles": \#(claim)"#, "roles: {form: \(form)}")
        #expect(rejection?.code == "token_claim")
    }

    @Test(
        "T19: only the exact shape grants, with a map too",
        arguments: [
            #""viewer,admin""#, #""viewer admin""#, #"["admin "]"#, #"["ADMIN"]"#,
            #"{"admin": true}"#, #"["admin", null]"#, #"[["admin"]]"#, "null", "true",
        ])
    func shapes(claim: String) throws {
        // Without a `form`, another shape grants nothing.
        #expect(try granted(#""roles": \#(claim)"#, "roles: {map: {admin: editor}}") == [])
    }

    @Test("a scope of more than 256 words is refused, as a list of so many is by the JSON reader")
    func manyWords() throws {
        func scope(_ count: Int) -> String {
            #""scope": "\#(Array(repeating: "viewer", count: count).joined(separator: " "))""#
        }
        let mapping = "roles: {from: scope, form: space_separated}"
        #expect(try granted(scope(256), mapping) == ["viewer"])
        #expect(try rejection(scope(257), mapping)?.code == "token_claim")
    }

    @Test("a token without the claim has no roles, whatever the form")
    func absent() throws {
        for form in ["string", "list", "string_or_list", "space_separated"] {
            #expect(try granted(#""x": 1"#, "roles: {from: groups, form: \(form)}") == [])
        }
    }

    @Test("scopes can grant roles through the map")
    func scopes() throws {
        let mapping =
            "roles: {from: scope, form: space_separated, map: {\"app:write\": editor, \"app:read\": "
            + "viewer}}"
        #expect(try granted(#""scope": "openid app:read""#, mapping) == ["viewer"])
        #expect(try granted(#""scope": "app:write app:read""#, mapping) == ["editor", "viewer"])
        #expect(try granted(#""scope": "openid viewer editor""#, mapping) == [])
        let policy = try policy(mapping)
        let writer = try policy.principal(json: #"{"sub": "a", "scope": "app:write"}"#)
        let reader = try policy.principal(json: #"{"sub": "a", "scope": "app:read"}"#)
        #expect(try policy.outcome("GET /a", as: writer).decision == .allow)
        #expect(try policy.outcome("GET /a", as: reader).decision == .deny(.roleMissing))
        #expect(writer.headerText == "X-Roles: editor,viewer\r\n")
    }

    /// What well-known identity providers write.
    private static let providers: [(name: String, mapping: String, claims: String)] = [
        (
            "Keycloak", "roles: {from: realm_access.roles, form: list, map: {dash-viewer: viewer}}",
            #""realm_access": {"roles": ["offline_access", "dash-viewer"]}"#
        ),
        (
            "Keycloak client roles",
            #"roles: {from: 'resource_access.app\.test.roles', form: list}"#,
            #""resource_access": {"app.test": {"roles": ["viewer"]}, "app": {"test": {}}}"#
        ),
        (
            "Entra app roles", "roles: {from: roles, form: list, map: {Dash.Read: viewer}}",
            #""roles": ["Dash.Read"]"#
        ),
        (
            "Entra groups",
            "roles: {from: groups, form: list, map: {3f2504e0-4f89-11d3-9a0c-0305e82c3301: viewer}}",
            #""groups": ["3f2504e0-4f89-11d3-9a0c-0305e82c3301", "6ba7b810-9dad-11d1-80b4-00c04fd430c8"]"#
        ),
        (
            "Cognito", #"roles: {from: "cognito:groups", form: list, map: {Readers: viewer}}"#,
            #""cognito:groups": ["Readers"]"#
        ),
        (
            "Auth0", #"roles: {from: "https://app.test/roles", form: list}"#,
            #""https://app.test/roles": ["viewer"]"#
        ),
        (
            "scopes",
            "roles: {from: [scp, scope], form: space_separated, map: {dash.read: viewer}}",
            #""scope": "openid dash.read""#
        ),
    ]

    @Test("the profiles in the documentation read what providers write", arguments: providers)
    func provider(name: String, mapping: String, claims: String) throws {
        #expect(try granted(claims, mapping) == ["viewer"], "\(name)")
    }

    @Test("each issuer has a mapping of its own, and one without reads as `claims` says for all")
    func perIssuer() throws {
        let policy = try load(
            """
            version: 1
            issuers:
              local: {embedded: true}
              corp:
                issuer: "https://id.test"
                audience: a
                subject_prefix: "corp:"
                claims: {roles: {from: groups, map: {staff: viewer}}}
              plain: {issuer: "https://plain.test", audience: a, subject_prefix: "plain:"}
            claims: {roles: {from: r}}
            roles: {viewer: {}, staff: {}}
            routes: [{id: a, match: GET /a}]
            """)
        let json = #"{"sub": "a", "r": ["staff"], "groups": ["staff"]}"#
        #expect(try policy.principal(json: json, issuer: "local").roleNames == ["staff"])
        #expect(try policy.principal(json: json, issuer: "corp").roleNames == ["viewer"])
        #expect(try policy.principal(json: json, issuer: "plain").roleNames == ["staff"])
    }

    @Test("a map may be long")
    func longMap() throws {
        let entries = (0..<500).map { "g\($0): \($0 % 2 == 0 ? "viewer" : "auditor")" }
        let policy = try policy("roles: {from: groups, map: {\(entries.joined(separator: ", "))}}")
        for number in 0..<500 {
            let principal = try policy.principal(json: #"{"sub": "a", "groups": "g\#(number)"}"#)
            #expect(principal.roleNames == [number % 2 == 0 ? "viewer" : "auditor"])
        }
        #expect(try policy.principal(json: #"{"sub": "a", "groups": "g500"}"#).roleNames == [])
    }
}
