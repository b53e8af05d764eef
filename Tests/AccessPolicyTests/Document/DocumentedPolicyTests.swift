import AccessPolicy
import Foundation
import StrictYAML
import Testing

/// What `docs/policy.md` and `docs/policy-claims.md` show is what a policy may say.
@Suite struct DocumentedPolicyTests {
    private let page: String
    private let reference: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        page = try String(
            contentsOf: root.appending(path: "docs/policy-claims.md"), encoding: .utf8)
        reference = try String(
            contentsOf: root.appending(path: "docs/policy.md"), encoding: .utf8)
    }

    @Test("every condition in the reference's table is one")
    func conditions() throws {
        let rows = try rows(of: "Conditions")
        #expect(rows.count == 14)
        let top = "subject: sub, status: {default: x}, "
        for row in rows.dropLast() {
            let cell = row.components(separatedBy: " | ")[0]
            for condition in cell.components(separatedBy: "`") where condition.contains(":") {
                let text = policyText(
                    routes:
                        "{id: a, match: \"ANY /{user}/{dept}/{region}\", allow: {\(condition)}}",
                    claims: top + "departments: {type: [string], default: []}",
                    roles: "editor: {}")
                #expect(errors(text) == [], "\(condition)")
            }
        }
    }

    @Test(
        "every key in the reference's tables is one",
        arguments: [
            ("Top level", "KEY: []", 10), ("Defaults", "defaults: {KEY: []}", 7),
            ("Routes", "routes: [{KEY: []}]", 14),
        ])
    func keys(section: String, place: String, count: Int) throws {
        let rows = try rows(of: section)
        #expect(rows.count == count)
        for row in rows {
            let names = row.components(separatedBy: "`")[1].components(separatedBy: ".")
            let value = names.dropFirst().reduce(names[0]) { "\($0): {\($1)" }
            let text = place.replacing("KEY", with: value)
                .replacing(": []", with: names.count > 1 ? ": []}" : ": []")
            #expect(!errors(text).contains { $0.contains("unknown key") }, "\(text)")
        }
    }

    /// The rows of the table of a section of the reference, save its head.
    private func rows(of section: String) throws -> [String] {
        let text = try #require(
            reference.components(separatedBy: "\n### ").first { $0.hasPrefix("\(section)\n") })
        return text.components(separatedBy: "\n").filter {
            $0.hasPrefix("| `") && !$0.hasPrefix("| `key")
        }
    }

    @Test("the example loads, and maps what it says")
    func example() throws {
        let example = try #require(page.components(separatedBy: "```yaml\n").dropFirst().first)
        let text = try #require(example.components(separatedBy: "```").first)
        let policy = try load("version: 1\n\(text)\nroutes: [{id: a, match: GET /a}]")
        let principal = try policy.principal(
            json: #"{"sub": "x", "oid": "a", "groups": ["/grp/admins", "viewer"]}"#, issuer: "corp")
        #expect(principal.subject == Array("a".utf8))
        #expect(principal.roleNames == ["admin", "auditor", "viewer"])
    }

    @Test("every provider's profile loads")
    func profiles() throws {
        let rows = page.components(separatedBy: "\n").filter { $0.contains("| `roles: {from") }
        #expect(rows.count == 7)
        for row in rows {
            let mapping = try #require(row.components(separatedBy: "| `").last)
            let text = policyText(
                routes: "{id: a, match: GET /a}",
                mapping: mapping.components(separatedBy: "` |")[0])
            #expect(errors(text) == [], "\(row)")
        }
    }
}
