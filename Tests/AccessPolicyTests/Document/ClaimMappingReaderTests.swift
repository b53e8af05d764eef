import AccessPolicy
import Testing

@Suite struct ClaimMappingReaderTests {
    private static let claims = """
        email: {default: ""}, groups: {type: [string], default: []}, \
        level: {type: integer, default: 0}
        """

    private func found(_ mapping: String) -> [String] {
        errors(
            policyText(
                routes: "{id: a, match: GET /a}", claims: Self.claims, mapping: mapping))
    }

    @Test(
        "a mapping that says something is accepted",
        arguments: [
            "roles: r", "roles: {from: r}", "roles: {from: [r, s.t]}", "roles: {form: list}",
            "roles: {map: {x: viewer}}", "roles: {map: {x: [viewer, admin]}, unmapped: keep}",
            "email: mail", "email: {form: string}", "subject: oid", "subject: {form: string}",
            "groups: {form: space_separated, map: {a: [b, c]}}", "level: {map: {low: 1}}",
            "level: {form: string, map: {low: 1}}", "roles: r, subject: s, groups: g",
        ])
    func accepted(mapping: String) { #expect(found(mapping) == []) }

    @Test(
        "a mapping is checked",
        arguments: [
            ("rolez: r", "claim `rolez` is not declared; did you mean `roles`?"),
            ("iss: r", "claim `iss` is not declared; known are `subject`, `email`"),
            ("roles: {}", "`issuers.test.claims.roles` says nothing; fill it, or remove it"),
            ("roles: {map: {}}", "`issuers.test.claims.roles.map` says nothing"),
            ("roles: {map: [a]}", "`issuers.test.claims.roles.map` must be a mapping, not a list"),
            ("roles: ", "`issuers.test.claims.roles` must be a mapping with keys, not nothing"),
            ("roles: [a]", "`issuers.test.claims.roles` must be a mapping with keys, not a list"),
            ("roles: {form: [list]}", "`issuers.test.claims.roles.form` must be one of"),
            (
                "roles: {form: lists}",
                "`issuers.test.claims.roles.form` must be one of `string`, `list`, "
                    + "`string_or_list`, `space_separated`, not `lists`; did you mean `list`?"
            ),
            ("roles: {form: comma_separated}", "not `comma_separated`"),
            ("roles: {mapp: {a: viewer}}", "did you mean `map`?"),
            ("roles: {from: r, required: true}", "unknown key `required`"),
            ("email: {from: r, default: x}", "unknown key `default`"),
            ("email: {from: r, type: string}", "unknown key `type`"),
            ("email: {from: r, when_verified: x}", "unknown key `when_verified`"),
            (
                "roles: {from: r, unmapped: drop}",
                "`issuers.test.claims.roles.unmapped` is about values that `map` does not name, "
                    + "and there is no `map`; write a `map`, or remove `unmapped`"
            ),
            (
                "roles: {map: {a: viewer}, unmapped: kep}",
                "must be one of `drop`, `keep`, not `kep`; did you mean `keep`?"
            ),
            ("roles: {from: []}", "`issuers.test.claims.roles.from` must name a claim"),
            ("roles: {from: [a, b, a]}", "`issuers.test.claims.roles.from` names `a` twice"),
            ("roles: {from: a..b}", "`a..b` is no claim name"),
            ("roles: a.", "`a.` is no claim name"),
            ("roles: {map: {a: viewr}}", "role `viewr` is not declared; did you mean `viewer`?"),
            ("roles: {map: {a: [viewer, root]}}", "role `root` is not declared"),
            ("roles: {map: {a: []}}", "`issuers.test.claims.roles.map.a` must name something"),
            ("roles: {map: {a: [admin, admin]}}", "names `admin` twice"),
            ("roles: {map: {a: {b: c}}}", "must be a list of text"),
            ("roles: {map: {a: }}", "`issuers.test.claims.roles.map.a` has no value"),
            ("roles: {map: {\"\": viewer}}", "`issuers.test.claims.roles.map` names an empty text"),
            ("roles: {map: {a: viewer, a: admin}}", "duplicate key `a`"),
            ("roles: {from: a}, roles: {from: b}", "duplicate key `roles`"),
            (
                "roles: {form: space_separated, map: {a b: viewer}}",
                "`a b` holds a space, at which `space_separated` cuts: it is never met"
            ),
            (
                "subject: {from: sub, map: {a: b}}",
                "`issuers.test.claims.subject.map` could give two people one subject"
            ),
            (
                "subject: {form: list}",
                "claim `subject` is text, so its form cannot be `list`; write `form: string`"
            ),
            ("email: {form: string_or_list}", "claim `email` is text, so its form cannot be"),
            ("level: {form: string}", "claim `level` is an integer and has no other form"),
            ("level: {form: list, map: {a: 1}}", "claim `level` is an integer, so its form cannot"),
            ("level: {map: {a: high}}", "`issuers.test.claims.level.map.a` must be a whole number"),
            ("email: {map: {a: [b]}}", "`issuers.test.claims.email.map.a` must be text"),
            ("email: {map: {a: no}}", "can be read as a boolean or null"),
            (
                "level: {map: {a: 1}, unmapped: keep}",
                "claim `level` is an integer: a text that `map` does not name cannot be kept"
            ),
        ])
    func checked(mapping: String, message: String) {
        let found = found(mapping)
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.contains(message) == true, "\(found)")
        #expect(found.first?.hasPrefix("policy.yaml:2:") == true, "\(found)")
    }

    @Test("all mistakes of all mappings are shown at once, each with its place")
    func allErrors() {
        let found = errors(
            """
            version: 1
            issuers:
              a:
                issuer: x
                audience: a
                subject_prefix: "a:"
                claims:
                  rolez: r
                  roles: {from: r, form: words, map: {x: viewr, y: [viewer, edtor]}}
              b:
                issuer: y
                audience: a
                subject_prefix: "b:"
                claims:
                  roles: {from: r., unmaped: keep}
                  email: {}
            roles: {viewer: {}, editor: {}}
            routes: [{id: r, match: GET /a}]
            """)
        #expect(
            found == [
                "policy.yaml:8:7: claim `rolez` is not declared; did you mean `roles`?",
                "policy.yaml:9:30: `issuers.a.claims.roles.form` must be one of `string`, `list`, "
                    + "`string_or_list`, `space_separated`, not `words`",
                "policy.yaml:9:46: role `viewr` is not declared; did you mean `viewer`?",
                "policy.yaml:9:65: role `edtor` is not declared; did you mean `editor`?",
                "policy.yaml:15:21: `r.` is no claim name; write `name`, or `outer.inner` for a claim "
                    + "inside another; in a name, write `\\.` for a dot and `\\\\` for a backslash",
                "policy.yaml:15:25: unknown key `unmaped` in `issuers.b.claims.roles`; did you mean "
                    + "`unmapped`?",
                "policy.yaml:16:7: `issuers.b.claims.email` says nothing; fill it, or remove it",
                "policy.yaml:16:7: claim `email` is not declared; known are `subject`, `roles`",
            ])
    }
}
