import AccessPolicy
import TestSupport
import Testing

@testable import ReverseProxy

/// From the bytes of a request to the bytes for the upstream, without sockets, so that there can be a
/// million of them; `ForwardedPathTests` does the same through the running gate.
@Suite("the path that was matched is the path that is forwarded, in memory")
struct ForwardedTargetProperties {
    /// Literals and variables of the policies are in lower case, so that a path in lower case can stand
    /// for every letter case of itself.
    private static let policies: [String: String] = {
        let broad = """
            \(attackPolicy)
              - {id: rest, match: ANY /**, allow: {role: viewer}}
            """
        return [
            "closed": attackPolicy,
            "broad": broad,
            "encoded slashes": broad.replacing(
                "allow: {any:", with: "path: {encoded_slash: keep}\n    allow: {any:"),
            "relaxed": broad.replacing(
                "hosts:", with: "upstreams: {app: {slashes: merge, dots: resolve}}\nhosts:"),
        ]
    }()

    private static let pieces = [
        "public", "admin", "users", "alice", "root", "api", "status", "a", "9", "-", "~", "a.b",
        "x.png", "@", ":", "!", "$", "&", "'", "(", "*", "+", ",", "=", "%20", "%61", "%7e",
        "%c3%a9", "%E2%82%AC", "%3a", "%40",
        "ADMIN", "Alice", "%41dmin", ";", ";v=1", ".", "..", "...", "%2e", "%2E%2e", "..;", "%2f",
        "%2F", "%5c", "%25", "%252f", "%252e", "%25252e", "%2561", "%3b", "%23", "%00", "%7f",
        "%ff", "%c0%ae", "%zz", "%", "\\", "^", "\u{E9}", "",
    ]
    private static let harmless = 31

    @Test(
        "for random targets, whoever is let in may have all that the path could be taken for",
        arguments: policies.keys.sorted())
    func randomTargets(policy: String) throws {
        let forwarding = try Forwarding(policy: try #require(Self.policies[policy]))
        let users = [
            "", "Authorization: Bearer \(try TestIssuer.shared.alice())\r\n",
            "Authorization: Bearer \(try TestIssuer.shared.root())\r\n",
        ]
        func forward(_ target: String, _ user: String) throws -> String? {
            let line = try forwarding.forward(
                "GET \(target) HTTP/1.1\r\nHost: app.test\r\n\(user)\r\n")?.requestLine
            guard let line else { return nil }
            try #require(line.hasPrefix("GET ") && line.hasSuffix(" HTTP/1.1"))
            return String(line.dropFirst(4).dropLast(9))
        }
        var random = SeededGenerator(for: "forwarded targets")
        var tally = (admitted: 0, rewritten: 0, otherReadings: 0)
        let rounds = propertyRounds(2500)
        for _ in 0..<rounds {
            let target = randomTarget(&random)
            let user = random.pick(users)
            guard let sent = try forward(target, user) else { continue }
            let context = Comment(rawValue: "\(target) as \(sent), seed \(random.seed)")
            tally.admitted += 1
            let (path, query) = split(target)
            let (sentPath, sentQuery) = split(sent)
            try #require(query == sentQuery, context)
            let matched = try CanonicalPath(
                parsing: wireBytes(path).span, relaxations: forwarding.fixture.policy.relaxations)
            try #require(wireBytes(sentPath) == matched.bytes, context)
            if sent != target { tally.rewritten += 1 }
            try #require(!hasHarmfulPart(sentPath), context)
            // Whoever reads what was forwarded reads the same again.
            try #require(try forward(sent, user) == sent, context)

            let other = lowercased(escaped(matched.foldedBytes))
            guard other != sentPath else { continue }
            tally.otherReadings += 1
            try #require(try forward(other, user) != nil, "\(other) for \(context.rawValue)")
        }
        // The property would hold of a gate that forwards nothing, or nothing with two readings.
        #expect(tally.admitted > rounds / 20, "\(tally)")
        #expect(tally.rewritten > rounds / 200, "\(tally)")
        #expect(tally.otherReadings > rounds / 200, "\(tally)")
    }

    private func randomTarget(_ random: inout SeededGenerator) -> String {
        var target = random.pick(["/public", "/admin", "/users/alice", "/api", ""])
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            target += "/"
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let isHarmless = Int.random(in: 0..<5, using: &random) > 0
                target += random.pick(
                    Array(isHarmless ? Self.pieces[..<Self.harmless] : Self.pieces[...]))
            }
        }
        return target
            + random.pick(["", "", "", "?", "?x=../admin", "?%2e%2e/", "?a//b", "?q=%41"])
    }

    private func split(_ target: String) -> (path: String, query: String) {
        let path = target.prefix { $0 != "?" }
        return (String(path), String(target.dropFirst(path.count)))
    }

    private func hasHarmfulPart(_ path: String) -> Bool {
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.prefix { $0 != ";" } }
        return path.contains("//") || path.lowercased().contains("%2e")
            || names.contains { $0 == "." || $0 == ".." }
    }

    /// A path of raw bytes, as a client would have to write it.
    private func escaped(_ path: [UInt8]) -> String {
        path.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80 && (scalar.properties.isAlphabetic || (0x30...0x39).contains(byte))
                || "/-._~!$&'()*+,=:@".unicodeScalars.contains(scalar)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(scalar) : "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }

    /// Of ASCII letters, and not of the digits of an escape.
    private func lowercased(_ path: String) -> String {
        var rest = path[...]
        var text = ""
        while let first = rest.first {
            let length = first == "%" ? 3 : 1
            text += first == "%" ? String(rest.prefix(length)) : rest.prefix(length).lowercased()
            rest = rest.dropFirst(length)
        }
        return text
    }
}
