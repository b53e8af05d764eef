import AccessPolicy
import Foundation
import Testing

/// What `docs/policy-claims.md` shows is what a policy may say.
@Suite struct DocumentedPolicyTests {
    private let page: String

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        page = try String(
            contentsOf: root.appending(path: "docs/policy-claims.md"), encoding: .utf8)
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
