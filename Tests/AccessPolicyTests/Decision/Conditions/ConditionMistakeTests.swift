import AccessPolicy
import Testing

@Suite struct ConditionMistakeTests {
    private func found(_ allow: String, match: String = "GET /x/{user}") -> [String] {
        errors(
            policyText(
                routes: """
                    {id: one, match: "\(match)", allow: \(allow), \
                    query: {tenant: {type: string}, page: {type: integer}}}
                    """,
                claims: """
                    groups: {type: [string], default: []}, level: {type: integer, default: 0}, \
                    staff: {type: boolean, default: false}, status: {type: string, default: a}
                    """))
    }

    @Test(
        "names that are not declared and types that never fit are load errors",
        arguments: [
            ("{claim: {stats: a}}", "claim `stats` is not declared; did you mean `status`?"),
            ("{claim: {roles: viewer}}", "`claims.roles` cannot be compared; write `role: …`"),
            (
                "{claim: {groups: a}}",
                "which `claim` does not compare; write `contains: [claims.groups, …]`"
            ),
            ("{claim: {status: no}}", "`no` can be read as a boolean or null; quote it: \"no\""),
            ("{equal: [path.user, on]}", "`on` can be read as a boolean or null"),
            ("{in: [query.tenant, [se, no]]}", "`no` can be read as a boolean or null"),
            ("{contains: [claims.groups, no]}", "`no` can be read as a boolean or null"),
            ("{claim: {level: a}}", "`claims.level` is an integer and never equals `a`"),
            ("{claim: {level: \"1\"}}", "write it without quotes"),
            ("{claim: {staff: yes}}", "`claims.staff` is a boolean and never equals `yes`"),
            ("{claim: {staff: [true, false]}}", "is always `true` or `false`"),
            ("{claim: {status: [a, a]}}", "names `a` twice"),
            ("{claim: {status: []}}", "`claim.status` must name a value"),
            ("{claim: {status: {a: b}}}", "not with a mapping"),
            ("{claim: {}}", "`claim` names no claim"),
            ("{claim: status}", "`claim` must be a mapping"),
            (
                "{contains: [claims.status, a]}",
                "`claims.status` is text, and `contains` looks into lists"
            ),
            ("{contains: [path.user, a]}", "`path.user` is no list"),
            ("{contains: [claims.groups, claims.level]}", "`claims.groups` holds texts"),
            ("{contains: [claims.groups, claims.groups]}", "which `contains` does not compare"),
            ("{contains: [claims.groups, client.ip]}", "is an address, not text"),
            ("{contains: [claims.groups]}", "`contains` takes a list and what it must hold"),
            ("{in: [client.ip, [10.0.0.1/8]]}", "not the range; write `10.0.0.0/8`"),
            ("{in: [client.ip, [10.0.0.0/33]]}", "`10.0.0.0/33` is no range of addresses"),
            ("{in: [client.ip, [ten]]}", "`ten` is no range of addresses"),
            ("{in: [client.ip, 10.0.0.0/8]}", "`in` takes one thing and the list of its values"),
            ("{in: [client.ip, []]}", "`in` must name a value"),
            ("{in: [a, [a, b]]}", "`in` looks for a literal"),
            ("{in: [claims.groups, [a]]}", "which `in` does not compare"),
            ("{in: [query.page, [one]]}", "`query.page` is an integer and never equals `one`"),
            (
                "{equal: [query.tenat, a]}",
                "names no query parameter `tenat`; did you mean `tenant`?"
            ),
            ("{equal: [query.page, claims.subject]}", "they are never equal"),
            ("{equal: [client.address, a]}", "did you mean `client.ip`?"),
            ("{equal: [quer.tenant, a]}", "did you mean `query.tenant`?"),
            ("{scope: read write}", "`read write` is no scope; write a list: `[read, write]`"),
            ("{scope: []}", "`scope` must name a value"), ("{scope: [a, a]}", "names `a` twice"),
            ("{acr: \"a b\"}", "`a b` is no authentication context class"),
            ("{auth_age: 10}", "`auth_age` must be a length of time"),
            ("{auth_age: 500ms}", "`auth_age` counts whole seconds"),
            ("{method: get}", "unknown method `get`; did you mean `GET`?"),
            ("{method: POST}", "the route is not for `POST`, so this never holds"),
            ("{method: GET}", "the route is for no other methods, so this always holds"),
            ("{roles: [viewer]}", "unknown condition `roles`; write `role: …`"),
            ("{contain: [a, b]}", "did you mean `contains`?"),
            ("{xyzzy: a}", "known are `role`, `claim`"),
            ("{ip: 10.0.0.0/8}", "write `in: [client.ip, [10.0.0.0/8]]`"),
        ])
    func mistakes(allow: String, message: String) {
        let found = found(allow)
        #expect(found.count == 1 && found.first?.contains(message) == true, "\(found)")
    }

    @Test(
        "a condition that holds for nobody or for everybody is a load error, at its smallest part",
        arguments: [
            ("{all: [{role: viewer}, {not: {role: viewer}}]}", "never"),
            ("{all: [{role: admin}, {not: {role: viewer}}]}", "never"),
            ("{all: [{claim: {status: a}}, {claim: {status: b}}]}", "never"),
            ("{all: [{claim: {status: [a, b]}}, {equal: [claims.status, c]}]}", "never"),
            ("{all: [{in: [claims.status, [a, b]]}, {not: {claim: {status: [a, b]}}}]}", "never"),
            ("{all: [{claim: {staff: true}}, {claim: {staff: false}}]}", "never"),
            ("{any: [{role: viewer}, {not: {role: viewer}}]}", "always"),
            ("{any: [{role: viewer}, {not: {role: admin}}]}", "always"),
            ("{any: [{claim: {staff: true}}, {claim: {staff: false}}]}", "always"),
            ("{any: [{claim: {status: a}}, {not: {claim: {status: [a]}}}]}", "always"),
            ("{not: {anyone: true}}", "never"), ("{not: {authenticated: true}}", "never"),
            (
                "{any: [{role: admin}, {all: [{scope: a}, {not: {scope: a}}]}]}", "never"
            ),
            ("{all: [{method: GET}, {method: POST}]}", "never"),
            ("{any: [{method: [GET]}, {method: [POST]}]}", "always"),
        ])
    func constants(allow: String, kind: String) {
        let found = found(allow, match: "GET|POST /x/{user}")
        #expect(
            found.count == 1 && found.first?.contains("this condition \(kind) holds") == true,
            "\(found)")
    }

    @Test(
        "a condition that can hold and can fail is none",
        arguments: [
            "{all: [{role: viewer}, {not: {role: admin}}]}",
            "{any: [{role: viewer}, {role: admin}]}",
            "{all: [{claim: {status: [a, b]}}, {claim: {status: [b, c]}}]}",
            "{not: {all: [{role: viewer}, {claim: {level: 3}}]}}",
            "{any: [{role: admin}, {anyone: true}]}", "{claim: {status: \"no\"}}",
            "{all: [{contains: [claims.groups, a]}, {contains: [claims.groups, b]}]}",
            "{all: [{not: {claim: {status: a}}}, {not: {claim: {status: b}}}]}",
        ])
    func sound(allow: String) {
        #expect(found(allow).isEmpty)
    }

    @Test("a condition with many leaves is checked in its parts")
    func manyLeaves() {
        let many = (0..<20).map { "{claim: {level: \($0)}}" }.joined(separator: ", ")
        #expect(found("{any: [\(many)]}").isEmpty)
        let contradiction = "{all: [{claim: {staff: true}}, {claim: {staff: false}}]}"
        #expect(found("{any: [\(many), \(contradiction)]}").count == 1)
    }

    @Test("a declared claim of another type cannot stand in for an implicit one")
    func implicitTypes() {
        for (claims, allow) in [
            ("scopes: {default: a}", "{scope: read}"),
            ("auth_time: {default: a}", "{auth_age: 1h}"),
            ("acr: {type: integer, default: 1}", "{acr: gold}"),
        ] {
            let found = errors(
                policyText(
                    routes: "{id: one, match: GET /x, allow: \(allow)}", claims: claims))
            #expect(found.count == 1 && found[0].contains("this condition needs"), "\(found)")
        }
    }

    @Test("a mistake is shown where it stands")
    func position() {
        #expect(
            found("{all: [{role: viewer}, {claim: {stats: a}}]}").first?.hasPrefix(
                "policy.yaml:7:") == true)
    }
}
