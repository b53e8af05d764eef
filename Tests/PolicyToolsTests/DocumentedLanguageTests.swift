import AccessPolicy
import Foundation
import PolicyTools
import StrictYAML
import Testing

/// What `docs/policy.md` shows of the language is what the language is.
@Suite struct DocumentedLanguageTests {
    private let page: String

    init() throws {
        page = try String(
            contentsOf: Self.repository.appending(path: "docs/policy.md"), encoding: .utf8)
    }

    @Test("every policy and every part of one on the page loads, and means nothing strange")
    func examples() throws {
        let examples = blocks("yaml")
        #expect(examples.count >= 12)
        for example in examples {
            let text = Self.completed(example)
            let policy = try PolicySet.load(text, file: "example.yaml")
            // What a part leaves open is no fault of the part.
            guard text == example else { continue }
            let findings = PolicyLint.findings(policy, text: text, file: "example.yaml")
            #expect(findings.map { "\($0.message)" } == [])
        }
    }

    @Test("the tutorial's cases pass")
    func cases() throws {
        let report = try PolicyTests.run(
            try #require(blocks("yaml tests").first), file: "policy.test.yaml",
            policy: try tutorial(), golden: { _ in nil })
        #expect(report.results.count == 9)
        #expect(report.results.filter { !$0.passed }.map { "\($0.tested.title)" } == [])
    }

    @Test("the tables of roles and routes are those that the tool prints")
    func matrices() throws {
        let builtIn = try PolicySet.load(DefaultPolicy.text, file: "default.yaml")
        for policy in [builtIn, try tutorial()] {
            let table = PolicyMatrix(policy, roles: []).text
            #expect(blocks("text").contains { $0.hasSuffix(table) })
        }
    }

    @Test("the README's policy means nothing strange, and its table is what the tool prints")
    func readme() throws {
        let readme = try String(
            contentsOf: Self.repository.appending(path: "README.md"), encoding: .utf8)
        let text = try #require(
            Self.blocks("yaml", in: readme).first { $0.hasPrefix("version: 1\n") })
        let policy = try PolicySet.load(text, file: "policy.yaml")
        let findings = PolicyLint.findings(policy, text: text, file: "policy.yaml")
        #expect(findings.map { "\($0.message)" } == [])
        let table = PolicyMatrix(policy, roles: []).text
        #expect(Self.blocks("text", in: readme).contains { $0.hasSuffix(table) })
    }

    @Test("the explanation is the one that the tool prints")
    func explanation() throws {
        let policy = try tutorial()
        let tests = try PolicyTestFile.load(
            try #require(blocks("yaml tests").first), file: "policy.test.yaml", policy: policy)
        let alice = try #require(tests.people.first { $0.name == "alice" })
        let question = PolicyQuestion(
            .get, "/users/emil/notes", now: try #require(Timestamp.parse("2026-03-02T12:00:00Z")),
            person: alice)
        let lines = PolicyExplanation(policy, question).lines
        #expect(blocks("text").contains { $0.hasSuffix(lines.joined(separator: "\n") + "\n") })
    }

    @Test("messages are those that the policies with the mistake get")
    func messages() throws {
        let examples = blocks("yaml")
        let mistaken = examples[0].replacing(
            "GET /**, allow: {role: viewer}", with: "GET /**, allow: {role: viwer}")
        let tied = """
            version: 1
            issuers: {local: {embedded: true}}
            # A number in hexadecimal digits is a slug, too.
            routes:
              - {id: by-id, match: "GET /users/{id:hex}/x"}
              - {id: by-name, match: "GET /users/{name:slug}/x"}
            """
        for text in [mistaken, tied] {
            do throws(Diagnostics) {
                _ = try PolicySet.load(text, file: "policy.yaml")
                Issue.record("a mistake was not noticed")
            } catch {
                #expect(error.rendered.count == 1)
                for message in error.rendered {
                    #expect(blocks("text").contains { $0.hasSuffix("ostiary: \(message)\n") })
                }
            }
        }
    }

    /// The rows of the table of the two views: request, and the code with which it is answered.
    @Test("the table of the two views is true")
    func views() throws {
        let section = try #require(page.components(separatedBy: "### Two views of a path\n").last)
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `GET /") }
        #expect(rows.count == 7)
        let policy = try tutorial()
        for row in rows {
            let cells = row.split(separator: "|").map { $0.trimming(" ") }
            let target = try #require(cells.first).trimming("`").dropFirst("GET ".count)
            let answer = try #require(cells.last)
            let expectation =
                answer.hasPrefix("forwarded")
                ? "expect: allow"
                : "expect: \(answer.prefix(3)), reason: \(answer.dropFirst(4).trimming("`"))"
            let tests = """
                as: {alice: {sub: "1", preferred_username: alice, roles: [viewer]}}
                cases: [{as: alice, GET: "\(target)", \(expectation)}]
                """
            let report = try PolicyTests.run(
                tests, file: "row.test.yaml", policy: policy, golden: { _ in nil })
            #expect(report.failures.map { "\($0)" } == [], "\(row)")
        }
    }

    @Test("every ready-made policy has tests, which pass, and no findings")
    func profiles() throws {
        let folder = Self.repository.appending(path: "policies")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".yaml") && !$0.hasSuffix(".test.yaml")
        }
        #expect(names.count == 9)
        for name in names {
            func read(_ path: String) -> String? {
                try? String(contentsOfFile: path, encoding: .utf8)
            }
            let path = folder.appending(path: name).path
            let text = try #require(read(path))
            let policy = try PolicySet.load(text, file: name)
            let findings = PolicyLint.findings(policy, text: text, file: name)
            #expect(findings.map { "\($0.message)" } == [])
            let tests = PolicyTests.path(besidePolicy: path)
            let report = try PolicyTests.run(
                try #require(read(tests), "\(name) has no tests"), file: tests, policy: policy,
                golden: read)
            #expect(report.failures.map { "\($0)" } == [])
            #expect(report.matrix != nil)
            let tested = Set(report.results.compactMap(\.tested.route))
            #expect(policy.routes.map(\.id).filter { !tested.contains($0) } == [], "\(name)")
        }
    }

    private func tutorial() throws -> PolicySet {
        try PolicySet.load(try #require(blocks("yaml").first), file: "policy.yaml")
    }

    /// The fenced blocks of a kind, in order.
    private func blocks(_ kind: String) -> [String] { Self.blocks(kind, in: page) }

    private static func blocks(_ kind: String, in page: String) -> [String] {
        page.components(separatedBy: "\n```\(kind)\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0] + "\n"
        }
    }

    /// A part of a policy with what it leaves out.
    private static func completed(_ part: String) -> String {
        guard !part.hasPrefix("version:") else { return part }
        let others = [
            ("issuers", "{local: {embedded: true}}"),
            (
                "roles",
                "{viewer: {}, editor: {includes: [viewer]}, admin: {includes: [editor]}}"
            ),
            ("routes", "[{id: all, match: ANY /**, allow: {role: admin}}]"),
        ]
        let missing = others.filter { !"\n\(part)".contains("\n\($0.0):") }
        return "version: 1\n" + part + missing.map { "\($0.0): \($0.1)\n" }.joined()
    }

    private static let repository = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
}

extension StringProtocol {
    fileprivate func trimming(_ character: Character) -> String {
        var text = self[...]
        while text.first == character { text = text.dropFirst() }
        while text.last == character { text = text.dropLast() }
        return String(text)
    }
}
