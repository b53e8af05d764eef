import AccessPolicy
import TestSupport
import Testing

@Suite("the path that was matched is the path that is forwarded", .gate, .serialized)
struct ForwardedPathTests {
    /// Pieces that targets are made of: harmless ones, hostile ones, and ones that are both.
    static let pieces = [
        "public", "admin", "users", "alice", "api", "status", "a", "Z", "9", "-", "~", "_", "a.b",
        "x.png", "@", ":", "!", "$", "&", "'", "(", ")", "*", "+", ",", "=", ";", ";v=1", "%20",
        "%61", "%7e", "%7E", "%2D", "%41", "%c3%a9", "%C3%A9", "%e2%82%ac", "%3a", "%40", "%24",
        ".", "..", "...", "%2e", "%2E", "%2e%2E", "..;", ".;a", "%2f", "%2F", "%5c", "%25", "%3b",
        "%23", "%3f", "%00", "%0a", "%7f", "%ff", "%c0%ae", "%zz", "%", "\\", "\"", "<", "^", "|",
        "{", "\u{E9}", "",
    ]

    @Test("for random targets")
    func randomTargets() throws {
        let fixture = try currentFixture()
        let token = try TestIssuer.shared.root()
        var random = SeededGenerator(for: "random targets")
        let rounds = propertyRounds(300)
        var forwarded = 0
        for _ in 0..<rounds {
            let target = randomTarget(&random)
            let before = fixture.upstream.requests.count
            let response = try fixture.gate.exchange(
                "GET \(target) HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n"
                    + "Connection: close\r\n\r\n")
            let received = fixture.upstream.requests.dropFirst(before)
            let rawPath = wireBytes(String(target.prefix { $0 != "?" }))
            let canonical = try? CanonicalPath(parsing: rawPath.span)
            switch response.status {
            case 200:
                forwarded += 1
                try #require(received.count == 1, "\(target) seed \(random.seed)")
                let request = received[received.startIndex]
                let wire = wireBytes(request.path)
                #expect(wire == canonical?.bytes, "\(target) seed \(random.seed)")
                #expect(!hasHarmfulPart(request.path), "\(target) seed \(random.seed)")
                let query = target.dropFirst(rawPath.count)
                #expect(request.target.dropFirst(wire.count) == query, "\(target)")
            case 400, 403, 404:
                #expect(received.isEmpty, "\(target) seed \(random.seed)")
                if canonical == nil { #expect(response.status == 400, "\(target)") }
            default:
                Issue.record("status \(response.status) for \(target), seed \(random.seed)")
            }
        }
        // The property would hold of a gate that forwards nothing.
        #expect(forwarded > rounds / 50)
    }

    /// Starts below a known route more often than not, so that enough targets are allowed.
    private func randomTarget(_ random: inout SeededGenerator) -> String {
        var target =
            ["/public", "/admin", "/users/alice", "/api", ""].randomElement(using: &random) ?? ""
        // Mostly harmless pieces: one hostile piece is enough to be refused.
        let harmless = 32
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            target += "/"
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                let isHarmless = Int.random(in: 0..<5, using: &random) > 0
                let choice = isHarmless ? Self.pieces[..<harmless] : Self.pieces[...]
                target += choice.randomElement(using: &random) ?? ""
            }
        }
        if Bool.random(using: &random) {
            target +=
                ["?", "?x=../admin", "?%2e%2e/", "?a//b", "?q=%41"].randomElement(using: &random)
                ?? ""
        }
        return target
    }

    /// What no canonical path holds, whoever decodes it once more.
    private func hasHarmfulPart(_ path: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        let names = segments.map { $0.prefix { $0 != ";" } }
        return path.contains("//") || path.lowercased().contains("%2e")
            || names.contains { $0 == "." || $0 == ".." }
    }
}
