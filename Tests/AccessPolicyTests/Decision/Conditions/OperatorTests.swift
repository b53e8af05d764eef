import AccessPolicy
import Testing

/// What each condition holds for. Requests are `GET`, unless they say otherwise.
@Suite struct OperatorTests {
    private static let claims = """
        status: {type: string, default: active}, level: {type: integer, default: 1}, \
        staff: {type: boolean, default: false}, departments: {type: [string], default: []}, \
        home: {type: string, default: none}
        """

    private func allows(
        _ allow: String, _ claims: String = "", _ request: String = "/x/ops/1",
        from address: String? = nil, at now: Int64 = 1_800_000_000
    ) throws -> Bool {
        let policy = try load(
            policyText(
                routes: """
                    {id: one, match: "GET|POST /x/{dept}/{other}", allow: \(allow), query: \
                    {tenant: {type: string}, page: {type: integer}, raw: {type: boolean}}}
                    """, claims: Self.claims, headers: "X-Auth-Roles: roles"))
        let principal = try policy.principal(
            json: "{\"sub\": \"alice\"\(claims.isEmpty ? "" : ", ")\(claims)}")
        let line = request.hasPrefix("/") ? "GET \(request)" : request
        return try policy.outcome(line, as: principal, from: address, at: now).decision == .allow
    }

    @Test(
        "`claim` compares claims with a value, or with one of several",
        arguments: [
            ("{status: active}", "", true), ("{status: active}", #""status": "closed""#, false),
            ("{status: [active, new]}", #""status": "new""#, true),
            ("{status: [active, new]}", #""status": "New""#, false),
            ("{status: \"\"}", #""status": """#, true), ("{level: 1}", "", true),
            ("{level: [2, 3]}", #""level": 3"#, true), ("{level: 2}", "", false),
            ("{level: -2}", #""level": -2"#, true), ("{staff: true}", #""staff": true"#, true),
            ("{staff: true}", "", false), ("{staff: false}", "", true),
            ("{status: active, level: 1}", "", true), ("{status: active, level: 2}", "", false),
            ("{subject: alice}", "", true),
        ])
    func claim(test: String, claims: String, expected: Bool) throws {
        #expect(try allows("{claim: \(test)}", claims) == expected)
        #expect(try allows("{not: {claim: \(test)}}", claims) == !expected)
    }

    @Test(
        "`contains` looks for a literal, a claim, a variable or a parameter in a list",
        arguments: [
            ("[claims.departments, ops]", #""departments": ["hr", "ops"]"#, true),
            ("[claims.departments, ops]", #""departments": ["ops "]"#, false),
            ("[claims.departments, ops]", #""departments": []"#, false),
            ("[claims.departments, ops]", "", false),
            ("[claims.departments, path.dept]", #""departments": ["ops"]"#, true),
            ("[claims.departments, path.dept]", #""departments": ["Ops"]"#, false),
            ("[claims.departments, claims.home]", #""departments": ["a"], "home": "a""#, true),
            ("[claims.departments, claims.home]", #""departments": ["a"], "home": "b""#, false),
            ("[claims.departments, query.tenant]", #""departments": ["blue"]"#, true),
            ("[claims.departments, query.tenant]", #""departments": ["red"]"#, false),
        ])
    func contains(operands: String, claims: String, expected: Bool) throws {
        let request = "/x/ops/1?tenant=blue"
        #expect(try allows("{contains: \(operands)}", claims, request) == expected)
        #expect(try allows("{not: {contains: \(operands)}}", claims, request) == !expected)
    }

    @Test(
        "`in` compares a variable, a claim or a parameter with several values",
        arguments: [
            ("[path.dept, [hr, ops]]", true), ("[path.dept, [hr]]", false),
            ("[claims.status, [active, new]]", true), ("[claims.status, [new]]", false),
            ("[claims.level, [1, 2]]", true), ("[claims.level, [3]]", false),
            ("[claims.staff, [false]]", true), ("[claims.staff, [true]]", false),
            ("[query.tenant, [red, blue]]", true), ("[query.tenant, [red]]", false),
            ("[query.page, [7, 8]]", true), ("[query.page, [8]]", false),
            ("[query.raw, [true]]", true), ("[query.raw, [false]]", false),
        ])
    func membership(operands: String, expected: Bool) throws {
        let request = "/x/ops/1?tenant=blue&page=7&raw=true"
        #expect(try allows("{in: \(operands)}", "", request) == expected)
        #expect(try allows("{not: {in: \(operands)}}", "", request) == !expected)
    }

    @Test(
        "`equal` compares every pair of one type",
        arguments: [
            ("[path.dept, query.tenant]", "/x/a%3Ab/1?tenant=a%3ab", true),
            ("[path.dept, query.tenant]", "/x/a:b/1?tenant=%61:b", true),
            ("[path.dept, query.tenant]", "/x/a/1?tenant=ab", false),
            ("[query.tenant, path.other]", "/x/a/b?tenant=b", true),
            ("[query.tenant, claims.subject]", "/x/a/b?tenant=alice", true),
            ("[query.tenant, claims.subject]", "/x/a/b?tenant=Alice", false),
            ("[query.page, claims.level]", "/x/a/b?page=1", true),
            ("[query.page, claims.level]", "/x/a/b?page=2", false),
            ("[claims.staff, query.raw]", "/x/a/b?raw=false", true),
            ("[claims.staff, query.raw]", "/x/a/b?raw=true", false),
            ("[query.raw, true]", "/x/a/b?raw=true", true),
            ("[query.page, 3]", "/x/a/b?page=3", true),
        ])
    func pairs(operands: String, request: String, expected: Bool) throws {
        #expect(try allows("{equal: \(operands)}", "", request) == expected)
        #expect(try allows("{not: {equal: \(operands)}}", "", request) == !expected)
    }

    @Test(
        "`client.ip` is looked for in ranges of its own family",
        arguments: [
            ("10.1.2.3", true), ("11.0.0.1", false), ("192.0.2.7", true), ("192.0.2.8", false),
            ("2001:db8::5", true), ("2001:db9::5", false), ("::ffff:10.0.0.1", true),
            ("::10.0.0.1", false),
        ])
    func addresses(address: String, expected: Bool) throws {
        let ranges = "{in: [client.ip, [10.0.0.0/8, 192.0.2.7, \"2001:db8::/32\"]]}"
        #expect(try allows(ranges, from: address) == expected)
        #expect(try allows("{not: \(ranges)}", from: address) == !expected)
    }

    @Test("an address that is not known is in no range and outside none")
    func unknownAddress() throws {
        #expect(try !allows("{in: [client.ip, [10.0.0.0/8]]}"))
        #expect(try !allows("{not: {in: [client.ip, [10.0.0.0/8]]}}"))
    }

    @Test(
        "`scope` asks for all scopes, written with spaces or as a list",
        arguments: [
            ("read", #""scope": "read write""#, true), ("read", #""scope": "write""#, false),
            ("[read, write]", #""scope": "write read""#, true),
            ("[read, write]", #""scope": "read""#, false), ("read", "", false),
            ("read", #""scope": """#, false), ("read", #""scp": ["read"]"#, true),
            ("read", #""scp": "read""#, true), ("read", #""scope": ["write", "read"]"#, true),
            ("read", #""scope": "READ""#, false), ("read", #""scope": "readers""#, false),
        ])
    func scope(scopes: String, claims: String, expected: Bool) throws {
        #expect(try allows("{scope: \(scopes)}", claims) == expected)
        #expect(try allows("{not: {scope: \(scopes)}}", claims) == !expected)
    }

    @Test(
        "T19: a scope of no documented shape grants nothing: the token is refused",
        arguments: [
            #""scope": ["read write"]"#, #""scope": {"read": true}"#, #""scope": [["read"]]"#,
            #""scope": null"#, #""scope": "read  write""#, #""scope": 1"#, #""acr": 1"#,
            #""auth_time": "1800000000""#,
        ])
    func mistyped(claims: String) throws {
        #expect(throws: PrincipalRejection.self) {
            try allows("{any: [{scope: read}, {acr: a}, {auth_age: 1h}]}", claims)
        }
        // No condition asks for them: nobody looks.
        #expect(try allows("{authenticated: true}", claims))
    }

    @Test(
        "`method` asks for one of several, and GET brings HEAD",
        arguments: [
            ("GET", "GET /x/a/b", true), ("GET", "HEAD /x/a/b", true),
            ("GET", "POST /x/a/b", false),
            ("POST", "POST /x/a/b", true), ("[HEAD, POST]", "HEAD /x/a/b", true),
            ("[HEAD, POST]", "GET /x/a/b", false),
        ])
    func method(methods: String, request: String, expected: Bool) throws {
        #expect(try allows("{method: \(methods)}", "", request) == expected)
        #expect(try allows("{not: {method: \(methods)}}", "", request) == !expected)
    }

    @Test(
        "`acr` asks for one of several",
        arguments: [
            ("gold", #""acr": "gold""#, true), ("gold", #""acr": "silver""#, false),
            ("[silver, gold]", #""acr": "gold""#, true), ("gold", "", false),
        ])
    func acr(values: String, claims: String, expected: Bool) throws {
        #expect(try allows("{acr: \(values)}", claims) == expected)
        #expect(try allows("{not: {acr: \(values)}}", claims) == !expected)
    }

    @Test(
        "`auth_age` asks how long ago the sign-in was",
        arguments: [
            (1_800_000_000, true), (1_799_999_400, true), (1_799_999_399, false), (0, false),
            (1_800_000_060, true), (1_800_000_061, false), (Int64.min, false), (Int64.max, false),
        ])
    func authAge(time: Int64, expected: Bool) throws {
        #expect(try allows("{auth_age: 10m}", "\"auth_time\": \(time)") == expected)
        #expect(try !allows("{auth_age: 10m}"))
        #expect(try allows("{not: {auth_age: 10m}}"))
    }

    @Test("`scopes`, `acr` and `auth_time` are claims like others, and can be declared")
    func implicitClaims() throws {
        #expect(try allows("{contains: [claims.scopes, read]}", #""scope": "read""#))
        #expect(try allows("{claim: {acr: gold}}", #""acr": "gold""#))
        #expect(try allows("{equal: [claims.auth_time, 5]}", #""auth_time": 5"#))
        let policy = try policy(
            allow: "{all: [{scope: read}, {acr: gold}]}",
            claims: """
                scopes: {from: permissions, type: [string], default: []}, \
                acr: {from: level, default: gold}
                """)
        let alice = try policy.principal(json: #"{"sub": "a", "permissions": ["read"]}"#)
        #expect(try policy.outcome("GET /x", as: alice).decision == .allow)
    }

    @Test("text is compared byte for byte, whatever Unicode calls equal")
    func bytes() throws {
        #expect(try !allows("{claim: {status: K}}", #""status": "\u212A""#))
        #expect(
            try !allows("{contains: [claims.departments, \"é\"]}", #""departments": ["e\u0301"]"#))
    }

    @Test(
        "T20: an address of one domain is not of another, and an unverified one is none",
        arguments: [
            ("root@corp.test", true, true), ("root@corp.test@evil.test", true, false),
            ("root@corp.test\\u0000", true, false), ("root@corp.test", false, false),
        ])
    func email(address: String, isVerified: Bool, expected: Bool) throws {
        let policy = try policy(
            allow: "{claim: {email: root@corp.test}}",
            claims: "email: {when_verified: email_verified, default: \"\"}")
        let principal = try policy.principal(
            json: #"{"sub": "a", "email": "\#(address)", "email_verified": \#(isVerified)}"#)
        #expect(try (policy.outcome("GET /x", as: principal).decision == .allow) == expected)
    }
}
