import AccessPolicy
import Testing

@Suite struct QueryConditionTests {
    private func decision(
        _ allow: String, _ parameters: String, query: String
    ) throws -> Decision {
        let policy = try load(
            policyText(
                routes: "{id: one, match: GET /x, query: {\(parameters)}, allow: \(allow)}"))
        return try policy.outcome("GET /x?\(query)", as: policy.principal("alice")).decision
    }

    @Test(
        "a named parameter is read wherever it stands",
        arguments: [
            "t=a", "x=1&t=a", "x=1;t=a&y", "&&t=a", "%74=%61", "t=a&T2=b", "tt=b&t=a", "x=t&t=a",
        ])
    func found(query: String) throws {
        #expect(
            try decision("{equal: [query.t, a]}", "t: {type: string}", query: query) == .allow)
    }

    @Test(
        "a repeated or malformed parameter is refused, whatever the condition says",
        arguments: [
            "t=a&t=a", "t=a;t=b", "t=a&%74=b", "t", "t&t=a", "t=a+b", "t=%0a", "t=%00", "t=%7F",
            "t=%zz", "t=%4", "t=%C3", "t=%C0%AF", "t=%ED%A0%80", "t[]=a", "t[0]=a", "t%00=a",
            "T=a", "+t=a", "%20t=a", "t+=a", "t%20=a", "t\u{e9}=a", "t=a&t%5B%5D=b",
        ])
    func refused(query: String) throws {
        for allow in ["{equal: [query.t, a]}", "{not: {equal: [query.t, a]}}"] {
            #expect(
                try decision(allow, "t: {type: string}", query: query) == .deny(.badTarget))
        }
    }

    @Test(
        "integers and booleans have one spelling",
        arguments: [
            ("n=7", Decision.allow), ("n=%37", .allow), ("n=8", .deny(.conditionFalse)),
            ("n=", .deny(.badTarget)), ("n=07", .deny(.badTarget)), ("n=7.0", .deny(.badTarget)),
            ("n=-", .deny(.badTarget)), ("n=-0", .deny(.badTarget)), ("n=--7", .deny(.badTarget)),
            ("n=00", .deny(.badTarget)), ("n=-7", .deny(.conditionFalse)),
            ("n=9223372036854775807", .deny(.conditionFalse)),
            ("n=-9223372036854775808", .deny(.conditionFalse)),
            ("n=9223372036854775808", .deny(.badTarget)), ("n=7&b=TRUE", .deny(.badTarget)),
            ("n=7&b=1", .deny(.badTarget)), ("n=7&b=false", .allow),
        ])
    func typed(query: String, expected: Decision) throws {
        let found = try decision(
            "{equal: [query.n, 7]}", "n: {type: integer}, b: {type: boolean}", query: query)
        #expect(found == expected)
    }

    @Test("an absent parameter counts as its default; without one, no condition about it holds")
    func absent() throws {
        for query in ["", "x=1", "tt=a"] {
            for allow in ["{equal: [query.t, a]}", "{not: {equal: [query.t, a]}}"] {
                #expect(
                    try decision(allow, "t: {type: string}", query: query)
                        == .deny(.conditionFalse))
            }
            let other = "t: {type: string, default: a}"
            #expect(try decision("{equal: [query.t, a]}", other, query: query) == .allow)
            #expect(
                try decision("{equal: [query.t, claims.subject]}", other, query: query)
                    == .deny(.conditionFalse))
            #expect(
                try decision(
                    "{claim: {subject: alice}}", "n: {type: integer, default: 3}", query: query)
                    == .allow)
        }
    }

    @Test("strangers are asked for a credential before the query is looked at")
    func strangers() throws {
        let policy = try load(
            policyText(
                routes: """
                    {id: one, match: GET /x, query: {t: {type: string}}, allow: {role: viewer}}
                    {id: two, match: GET /y, auth: optional, query: {t: {type: string}}, \
                    allow: {equal: [query.t, a]}}
                    """))
        #expect(try policy.outcome("GET /x?t=a&t=b").decision == .deny(.unauthenticated))
        #expect(try policy.outcome("GET /y?t=a&t=b").decision == .deny(.badTarget))
        #expect(try policy.outcome("GET /y?t=a").decision == .allow)
        #expect(try policy.outcome("GET /y?t=b").decision == .deny(.unauthenticated))
    }

    @Test("keys that no route names are not looked at")
    func others() throws {
        let query = "x=%zz&x=%00&x&y=+&t=a"
        #expect(
            try decision("{equal: [query.t, a]}", "t: {type: string}", query: query) == .allow)
    }

    @Test(
        "a parameter that means nothing is a load error",
        arguments: [
            ("", "`query` names no parameter"), ("t: {}", "missing key `type` in `query.t`"),
            ("t: {type: text}", "`query.t.type` must be one of"),
            ("\"t[]\": {type: string}", "`t[]` is no valid parameter name"),
            ("t: {type: integer, default: x}", "`query.t.default` must be a whole number"),
            ("t: {type: string}, T: {type: string}", "differ in case only"),
            ("t: {type: string, required: true}", "unknown key `required`"),
        ])
    func mistakes(parameters: String, message: String) {
        let found = errors(
            policyText(
                routes: "{id: a, match: GET /x, query: {\(parameters)}, allow: {role: viewer}}"))
        #expect(found.contains { $0.contains(message) }, "\(found)")
    }
}
