import AccessPolicy
import Cryptography
import Foundation
import StrictJSON
import Testing
import TokenIssuing

@testable import Endpoints

@Suite("docs/accounts.md")
struct AccountsDocumentTests {
    private func text(_ name: String) throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/\(name)")
        return try String(contentsOf: file, encoding: .utf8)
    }

    @Test("has a row for every endpoint, and no other row")
    func endpoints() throws {
        let rows = try text("accounts.md").split(separator: "\n").compactMap { line in
            line.firstMatch(of: /^\| `([A-Z]+ \/\S+)` \|/).map { String($0.output.1) }
        }
        let endpoints = Endpoint.ofAccounts.flatMap { endpoint in
            endpoint.methods.filter { $0 != .head }.map { "\($0.name) \(endpoint.path)" }
        }
        #expect(rows.sorted() == endpoints.sorted())
    }

    @Test("shows a user with the members that one has")
    func user() throws {
        let document = try text("accounts.md")
        let start = try #require(document.range(of: "```json\n"))
        let end = try #require(document[start.upperBound...].range(of: "```"))
        let example = try JSONSerialization.jsonObject(
            with: Data(document[start.upperBound..<end.lowerBound].utf8))
        let profile = Profile(
            username: Username(stored: "a", folded: "a"),
            email: EmailAddress(stored: "a@b", folded: "a@b"))
        let account = Account(id: .random(), profile: profile, createdAt: 0, updatedAt: 0)
        let user = JSONValue.user(account)
        let shown = try #require(example as? [String: Any])
        #expect(Set(shown.keys) == Set(user.members?.map(\.name) ?? []))
    }

    @Test("the codes of field errors are all documented")
    func fieldErrors() throws {
        let document = try text("reason-codes.md")
        for code in FieldError.Code.allCases {
            #expect(document.contains("`\(code.rawValue)`"), "\(code)")
        }
    }
}
