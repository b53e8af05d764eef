import Foundation
import Gateway
import StrictYAML
import TestSupport
import Testing
import TokenVerification

/// Every recipe of docs/tokens.md is loaded as the gateway loads it.
@Suite("Documented issuers")
struct DocumentedIssuersTests {
    struct Recipe: Sendable, CustomTestStringConvertible {
        let policy: String
        let configuration: String

        var testDescription: String { configuration }
    }

    @Test("a recipe of docs/tokens.md loads", arguments: try recipes())
    func loads(_ recipe: Recipe) throws {
        let folder = try TemporaryFolder("recipe")
        let secret = try folder.write("jwt.key", String(repeating: "s", count: 64))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
        try folder.write(
            "policy.yaml",
            """
            version: 1
            \(recipe.policy)
            roles: {viewer: {}}
            routes: [{id: home, match: GET /, allow: {role: viewer}}]
            """)
        let file = try folder.write(
            "ostiary.yaml",
            """
            version: 1
            upstreams: {app: {url: http://127.0.0.1:8050}}
            policy: policy.yaml
            \(recipe.configuration)
            """)
        let configuration = try loadConfiguration(
            file: file, flags: [], environment: ["HOME": folder.path])
        let keys = try PreparedGateway.load(configuration, makingKeys: false).keys
        #expect(keys.keyRing.availability(issuerName: configuration.trust.issuers[0].name) != nil)
    }

    @Test("there are recipes for all that the document promises")
    func count() throws {
        let names = try Self.recipes().map {
            String($0.configuration.split(separator: "\n").last?.prefix { $0 != ":" } ?? "")
        }
        #expect(
            names.map { $0.filter(\.isLetter) }
                == [
                    "corp", "keycloak", "auth0", "entra", "cognito", "google", "django", "corp",
                ].map { $0.filter(\.isLetter) })
    }

    /// Each block of `ostiary.yaml` with the block of `policy.yaml` that precedes it, of the same
    /// issuer.
    private static func recipes() throws -> [Recipe] {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../docs/tokens.md").path
        let document = try String(contentsOfFile: path, encoding: .utf8)
        var policies: [String] = []
        var recipes: [Recipe] = []
        for block in document.split(separator: "```yaml\n").dropFirst() {
            let text = String(
                block.prefix(upTo: block.firstRange(of: "```")?.lowerBound ?? block.endIndex))
            if text.hasPrefix("# policy.yaml") {
                policies.append(text)
            } else if text.contains("  corp:") {
                recipes.append(Recipe(policy: policies.first ?? "", configuration: text))
            } else {
                recipes.append(Recipe(policy: policies.last ?? "", configuration: text))
            }
        }
        return recipes
    }
}
