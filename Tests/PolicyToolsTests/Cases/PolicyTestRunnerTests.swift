import AccessPolicy
import PolicyTools
import StrictYAML
import Testing

@Suite("Tests beside a policy")
struct PolicyTestRunnerTests {
    private static func run(
        _ cases: String, matrix: String = "", golden: [String: String] = [:]
    ) throws -> PolicyTestReport {
        try PolicyTests.run(
            SamplePolicy.people + "cases:\n" + cases + "\n" + matrix, file: "d/p.test.yaml",
            policy: SamplePolicy.load()
        ) { golden[$0] }
    }

    @Test(
        "cases that say what is so pass",
        arguments: [
            "{as: alice, GET: /x, expect: allow, route: ui}",
            "{as: alice, HEAD: /x, expect: allow}",
            "{as: alice, GET: /users/alice/a, expect: allow, route: user-space}",
            "{as: alice, GET: /users/root/a, expect: deny, reason: condition_false}",
            "{as: root, GET: /users/alice/a, expect: allow}",
            "{as: alice, POST: /api/items, expect: 403, reason: role_missing}",
            "{as: anonymous, GET: /x, expect: 401, reason: unauthenticated}",
            "{as: anonymous, GET: /assets/a.css, expect: allow, route: assets}",
            "{as: anonymous, GET: /embed/t, expect: allow}",
            "{as: mallory, GET: /x, expect: deny, reason: deny.suspended}",
            "{as: mallory, GET: /assets/a, expect: allow}",
            "{as: alice, GET: /secret, expect: 404, reason: role_missing}",
            "{as: anonymous, GET: /secret, expect: 401}",
            "{as: alice, GET: /reports/2026/ops, expect: allow}",
            "{as: alice, GET: /reports/2026/hr, expect: deny}",
            "{as: alice, GET: /reports/2026/hr, ip: 10.1.1.1, expect: allow}",
            "{as: alice, GET: \"/page?full=true\", expect: deny}",
            "{as: alice, GET: \"/page?full=false\", expect: allow}",
            "{as: alice, GET: \"/page?full=1\", expect: 400, reason: bad_target}",
            "{as: alice, GET: //x, expect: 400, reason: bad_target}",
            "{as: alice, GET: /other, expect: allow, route: ui}",
            "{as: alice, GET: /other, host: other.test, expect: allow, route: only-other}",
            "{as: alice, GET: /x, host: foreign.test, expect: 421, reason: unknown_host}",
            "{as: alice, GET: /Users/root/a, expect: deny, reason: ambiguous_path}",
            "{as: alice, DELETE: /x, expect: deny, reason: no_route}",
            "{as: alice, WEBSOCKET: /x, expect: deny, reason: upgrade_not_allowed}",
            "{as: root, GET: /x, expect: allow, "
                + "upstream_headers: {X-Auth-User: root, x-auth-roles: \"admin,editor,viewer\"}}",
        ])
    func pass(_ line: String) throws {
        let report = try Self.run("  - \(line)")
        #expect(report.failures.map(\.message) == [])
        #expect(report.results.count == 1)
    }

    @Test(
        "a case that is otherwise says where it stands, what was expected and what is",
        arguments: [
            (
                "{as: alice, GET: /users/root/a, expect: allow}",
                "alice GET /users/root/a: expected `allow`, but it is refused with 403 "
                    + "`condition_false` on route `user-space`"
            ),
            (
                "{as: alice, GET: /x, expect: deny, name: nobody reads}",
                "nobody reads: expected `deny`, but it is allowed on route `ui`"
            ),
            (
                "{as: alice, POST: /api/items, expect: 401}",
                "alice POST /api/items: expected status 401, but it is refused with 403 "
                    + "`role_missing` on route `items`"
            ),
            (
                "{as: alice, POST: /api/items, expect: deny, reason: no_route}",
                "alice POST /api/items: expected the reason `no_route`, but it is `role_missing`"
            ),
            (
                "{as: alice, GET: /x, expect: allow, route: embed}",
                "alice GET /x: expected the route `embed`, but it is `ui`"
            ),
            (
                "{as: root, GET: /x, expect: allow, upstream_headers: {X-Auth-User: alice}}",
                "root GET /x: expected the header `X-Auth-User: alice`, but it is `root`"
            ),
        ])
    func fail(line: String, message: String) throws {
        let report = try Self.run("  - \(line)")
        #expect(report.failures.map(\.message) == [message])
        #expect(report.failures.first?.position?.description == "d/p.test.yaml:6:5")
    }

    @Test("notes of a failed case show the condition, its parts and the routes in question")
    func notes() throws {
        let report = try Self.run("  - {as: alice, GET: /users/root/a, expect: allow}")
        let lines = try #require(report.results.first).lines
        #expect(lines.first?.hasPrefix("d/p.test.yaml:6:5: alice GET") == true)
        let text = lines.joined(separator: "\n")
        #expect(text.contains("`user-space` allows: path.user = claims.subject or role admin"))
        #expect(text.contains("fails: path.user = claims.subject (\"root\" and \"alice\")"))
        #expect(text.contains("other routes that fit the path: `ui` (GET /**)"))
    }

    @Test(
        "a mistake in a file of tests is shown with its place and what to write",
        arguments: [
            ("{as: alise, GET: /x, expect: allow}", "`as` has no `alise`", "did you mean `alice`?"),
            ("{as: alice, expect: allow}", "the case names no request", "write one, such as"),
            ("{as: alice, GET: /x, POST: /y, expect: deny}", "names 2 requests", "write one"),
            ("{as: alice, GET: /x, expect: maybe}", "must be `allow`, `deny` or the status", ""),
            (
                "{as: alice, GET: /x, expect: deny, reason: role_mising}",
                "no refusal has the reason `role_mising`", "did you mean `role_missing`?"
            ),
            (
                "{as: alice, GET: /x, expect: allow, route: uj}", "has no route `uj`",
                "did you mean `ui`?"
            ),
            ("{as: alice, GET: /x, expect: allow, at: noon}", "must be a time such as", ""),
            ("{as: alice, GET: /x, expect: allow, ip: here}", "`here` is no IP address", ""),
            (
                "{as: alice, GET: /x, expect: allow, upstream_headers: {X-User: a}}",
                "tells the app no header `X-User`", ""
            ),
            (
                "{as: alice, GET: /x, expect: allow, reason: no_route}",
                "a request that is allowed has no `reason`", "remove it"
            ),
        ])
    func mistakes(line: String, message: String, advice: String) {
        let error = #expect(throws: Diagnostics.self) { _ = try Self.run("  - \(line)") }
        let all = error?.description ?? ""
        #expect(all.contains(message), "\(all)")
        #expect(all.contains(advice), "\(all)")
        #expect(all.contains("d/p.test.yaml:6:"), "\(all)")
    }

    @Test("a file of tests stands beside its policy under one name")
    func names() {
        #expect(PolicyTests.path(besidePolicy: "a/p.yaml") == "a/p.test.yaml")
        #expect(PolicyTests.path(besidePolicy: "p.yml") == "p.test.yml")
        #expect(PolicyTests.policyPath(ofTests: "a/p.test.yaml") == "a/p.yaml")
        #expect(PolicyTests.policyPath(ofTests: "a/p.yaml") == nil)
        #expect(PolicyTests.policyPath(ofTests: ".test.yaml") == nil)
        #expect(PolicyTests.goldenPath("m.txt", ofTests: "a/p.test.yaml") == "a/m.txt")
        #expect(PolicyTests.goldenPath("/m.txt", ofTests: "a/p.test.yaml") == "/m.txt")
    }

    @Test("the matrix is compared with its golden file, line by line")
    func matrix() throws {
        let line = "  - {as: alice, GET: /x, expect: allow}"
        let request = "matrix: {roles: [anonymous, viewer], golden: m.txt}"
        let missing = try Self.run(line, matrix: request)
        #expect(
            missing.failures.first?.message == "there is no golden file `d/m.txt` that can be read")
        let text = try #require(missing.matrix).text
        let same = try Self.run(line, matrix: request, golden: ["d/m.txt": text])
        #expect(same.failures.isEmpty)
        let old = text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("ui ") }.joined(separator: "\n")
        let other = try Self.run(line, matrix: request, golden: ["d/m.txt": old])
        #expect(other.matrix?.difference.count == 1)
        #expect(other.matrix?.difference.first?.hasPrefix("+ ui ") == true)
        #expect(other.failures.first?.position?.line == 7)
    }

    @Test("`tests: required` refuses a policy without tests and one whose tests fail")
    func required() throws {
        let policy = try PolicySet.load(
            SamplePolicy.text.replacing("version: 1", with: "version: 1\ntests: required"),
            file: "p.yaml")
        func refusal(_ tests: String?) -> String? {
            do throws(Diagnostics) {
                try PolicyTests.require(for: policy, at: "p.yaml") {
                    $0 == "p.test.yaml" ? tests : nil
                }
                return nil
            } catch {
                return error.description
            }
        }
        #expect(refusal(nil)?.contains("there is no file `p.test.yaml`") == true)
        let good = SamplePolicy.people + "cases: [{as: alice, GET: /x, expect: allow}]\n"
        #expect(refusal(good) == nil)
        #expect(refusal(good.replacing("allow", with: "deny"))?.contains("p.test.yaml:5:9") == true)
        #expect(refusal(good.replacing("GET", with: "GTE"))?.contains("unknown key `GTE`") == true)
        let optional = try SamplePolicy.load()
        try PolicyTests.require(for: optional, at: "p.yaml") { _ in nil }
    }

    @Test("JUnit XML escapes what files and people say, and counts failures")
    func junit() throws {
        let report = try Self.run(
            """
              - {as: alice, GET: /x, expect: allow, name: \"<a> & \\\"b\\\" \\u0007\"}
              - {as: alice, GET: /x, expect: deny}
            """)
        let xml = JUnitReport.text([report.suite(name: "p.yaml")])
        #expect(xml.contains("<testsuites tests=\"2\" failures=\"1\" errors=\"0\">"))
        #expect(xml.contains("<testsuite name=\"p.yaml\" tests=\"2\" failures=\"1\" errors=\"0\">"))
        #expect(xml.contains("name=\"&lt;a&gt; &amp; &quot;b&quot; \u{FFFD}\""))
        #expect(xml.contains("<failure type=\"failure\" message=\"expected `deny`, but it is "))
        #expect(xml.contains("\">d/p.test.yaml:7:5: expected `deny`, but it is allowed"))
    }

    @Test("JUnit XML has no attribute that the schemas of Jenkins refuse")
    func schema() throws {
        let report = try Self.run("  - {as: alice, GET: /x, expect: deny}\n")
        let xml = JUnitReport.text([report.suite(name: "p.yaml")])
        let attributes = [
            "testsuites": ["tests", "failures", "errors"],
            "testsuite": ["name", "tests", "failures", "errors"],
            "testcase": ["classname", "name"], "failure": ["type", "message"],
        ]
        for (element, expected) in attributes {
            let tag = try #require(xml.split(separator: "<\(element) ").dropFirst().first)
            let found = tag.prefix { $0 != ">" }.split(separator: " ").compactMap { word in
                word.contains("=\"") ? String(word.prefix { $0 != "=" }) : nil
            }
            #expect(found == expected, "\(element)")
        }
    }

    @Test(
        "a file that tests nothing does not pass",
        arguments: [
            ("cases: []\n", "the file tests nothing; write `cases: […]`, or `matrix:"),
            ("as: {a: {sub: a}}\n", "the file tests nothing"),
            ("", "the file is empty; it must at least say `cases: […]` or `matrix: {golden"),
        ])
    func nothing(text: String, message: String) throws {
        let policy = try SamplePolicy.load()
        #expect {
            try PolicyTestFile.load(text, file: "p.test.yaml", policy: policy)
        } throws: { error in
            "\(error)".contains(message)
        }
    }

    @Test(
        "times are read and written as RFC 3339 says",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-03-02T12:00:00Z", 1_772_452_800),
            ("2024-02-29T23:59:59Z", 1_709_251_199), ("2000-03-01T00:00:00Z", 951_868_800),
            ("1999-12-31T00:00:00Z", 946_598_400),
        ] as [(String, Int64)])
    func times(text: String, time: Int64) {
        #expect(Timestamp.parse(text) == time)
        #expect(Timestamp.text(time) == text)
    }

    @Test(
        "what is no time is none",
        arguments: [
            "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z",
            "2026-01-01T00:00:00", "2026-01-01T00:00:00+1:00", "noon",
        ])
    func noTimes(_ text: String) { #expect(Timestamp.parse(text) == nil) }

    @Test("a time with an offset is that time in UTC")
    func offset() {
        #expect(
            Timestamp.parse("2026-03-01T09:30:00+01:00") == Timestamp.parse("2026-03-01T08:30:00Z"))
    }
}
