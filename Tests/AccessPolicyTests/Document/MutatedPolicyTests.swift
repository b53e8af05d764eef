import AccessPolicy
import StrictYAML
import TestSupport
import Testing

@Suite struct MutatedPolicyTests {
    /// The attack policy with a mapping of each kind.
    private static let mappingPolicy = attackPolicy.replacing(
        "algorithms: [ES256, RS256, EdDSA]",
        with: #"""
            algorithms: [ES256], single_audience: true, claims: {subject: oid, roles: {from:
                [realm_access.roles, 'a\.b', "x:y"], form: string_or_list, map: {/grp/a: viewer, b:
                [viewer, admin]}, unmapped: keep}}
            """#)

    @Test(
        "a damaged policy loads or is refused with places, and nothing else happens",
        arguments: [attackPolicy, mappingPolicy])
    func mutations(policy: String) throws {
        _ = try PolicySet.load(policy, file: "policy.yaml")
        var generator = SeededGenerator(for: "mutations")
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\n", " ", "\"", "**", "/", "|", "ANY", "path.",
            "claims.",
            "not", "all", "role", "map", "drop", "\\", "form", "admin", "%2e", "é", "\u{0}", "&a ",
            "*a", "!!x ", "~", "- ", "#",
        ].map { Array($0.utf8) }
        let original = Array(policy.utf8)
        var (loaded, refused) = (0, 0)
        for _ in 0..<propertyRounds(500) {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let start = Int.random(in: 0..<bytes.count, using: &generator)
                let end = min(bytes.count, start + Int.random(in: 0...6, using: &generator))
                bytes.replaceSubrange(start..<end, with: generator.pick(pieces))
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do throws(Diagnostics) {
                let policy = try PolicySet.load(text, file: "policy.yaml")
                // Whatever it says now: strangers get to public routes only.
                for route in policy.routes where route.auth == .required {
                    let outcome = try? policy.outcome("GET /admin/x")
                    #expect(outcome?.route != route.id || outcome?.decision != .allow)
                }
                loaded += 1
            } catch {
                try #require(!error.all.isEmpty)
                try #require(error.all.allSatisfy { $0.position != nil }, "\(text)")
                refused += 1
            }
        }
        #expect(loaded > 0 && refused > 0)
    }
}
