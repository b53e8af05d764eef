import Cryptography
import Outbound
import TestSupport
import Testing
import TokenVerification

@testable import KeyDiscovery

@Suite("keys of an issuer that fails")
struct KeptKeysTests {
    private let server: KeyServer
    private let fetcher = CurlFetcher(threads: 2)

    init() throws {
        server = try KeyServer.start(keys: [TestKey(.es256, keyID: "a")])
    }

    @Test(
        "71, 75, 76, 77: whatever it answers, the old keys stay, and a good answer ends the doubt")
    func kept() async throws {
        var fetch = server.fetch
        fetch.timeout = .milliseconds(1_500)
        let clock = TestClock()
        let running = RunningService(
            [.test(fetch, cooldown: .zero)], fetcher: fetcher, clock: clock)
        #expect(await running.reaches { $0.availability == .current })
        let eventCount = running.events.count
        let bad: [KeyServerMode] = [
            .status(500), .status(404), .html, .emptySet, .brokenJSON, .huge(announced: true),
            .huge(announced: false), .manyKeys, .slowDrip, .silence, .cutShort,
            .redirectToOtherHost, .redirectToHTTP, .redirectToItself, .gzipBomb, .privateMember,
            .symmetricKey, .duplicateKeyID,
        ]
        for mode in bad {
            server.mode = mode
            #expect(await running.seek())
            #expect(running.keyIDs == ["a"], "\(mode)")
            #expect(running.availability == .doubtful, "\(mode)")
            #expect(running.service.status().first?.lastError != nil)
        }
        let epoch = running.updates.first?.keys.keys.first?.epoch
        #expect(running.updates.last?.keys.keys.first?.epoch == epoch)
        // One line for the first failure, and not one for each.
        #expect(running.events.dropFirst(eventCount).map(\.kind) == [.failed])
        server.stop()
        #expect(await running.seek())
        #expect(running.availability == .doubtful)
        try server.restart()
        server.mode = .redirectToSameOrigin
        // A busy machine may need more than one.
        for _ in 0..<10 where running.availability != .current { #expect(await running.seek()) }
        #expect(running.availability == .current)
        #expect(running.events.last?.kind == .recovered)
        let status = try #require(running.service.status().first)
        #expect(status.succeeded == 2 && status.failed > bad.count)
        #expect(status.lastError == nil)
        await running.stop()
    }

    @Test("77: keys that are too old are given up, and are back with the first good answer")
    func expiry() async throws {
        let running = RunningService(
            [.test(server.fetch, refresh: .milliseconds(200), staleIfError: .milliseconds(1_500))],
            fetcher: fetcher)
        #expect(await running.reaches { $0.availability == .current })
        server.mode = .html
        #expect(await running.reaches { $0.availability == .unavailable })
        #expect(running.updates.map(\.availability) == [.current, .doubtful, .unavailable])
        #expect(running.updates.map { $0.keys.keys.map(\.keyID) } == [["a"], ["a"], []])
        let status = try #require(running.service.status().first)
        #expect(status.keyCount == 0 && status.age == nil && status.lastError != nil)
        #expect(status.hasExpired)
        #expect(running.events.contains { $0.kind == .expired })
        server.mode = .good
        #expect(await running.reaches { $0.availability == .current })
        #expect(running.keyIDs == ["a"])
        await running.stop()
    }

    @Test("a set of which no key serves the policy's rules does not replace one that does")
    func unfitting() async throws {
        let rules = IssuerRules(
            name: "test", issuer: server.issuer, audiences: ["app"], algorithms: [.es256])
        let running = RunningService(
            [.test(server.fetch, cooldown: .zero, rules: rules)], fetcher: fetcher)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        server.keys = [try TestKey(.edDSA, keyID: "b")]
        #expect(await running.seek())
        #expect(running.keyIDs == ["a"])
        #expect(running.availability == .doubtful)
        #expect(running.events.contains { $0.text.contains("none of the keys is for") })
        server.keys = [try TestKey(.edDSA, keyID: "b"), try TestKey(.es256, keyID: "c")]
        #expect(await running.seek())
        #expect(running.keyIDs == ["b", "c"])
        await running.stop()
    }

    @Test("an issuer that is down at the start is asked again until it is there")
    func lateStart() async throws {
        server.stop()
        let running = RunningService([.test(server.fetch)], fetcher: fetcher)
        #expect(await running.reaches { $0.service.status().first?.failed ?? 0 >= 1 })
        #expect(running.service.status().first?.availability == .unavailable)
        #expect(running.service.status().first?.hasExpired == false)
        #expect(running.events.first?.text.hasSuffix("; there are none") == true)
        try server.restart()
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        await running.stop()
    }

    @Test("a moved `jwks_uri` is followed at the next refresh, and metadata of another is not")
    func movedMetadata() async throws {
        var template = server.fetch
        template.url = server.issuer + KeyServer.metadataPath
        let source = KeySource(
            issuerName: "test", location: .discovery(issuer: server.issuer, template: template),
            cooldown: .zero)
        let running = RunningService([source], fetcher: fetcher)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        server.script("/elsewhere", .keySet([try TestKey(.es256, keyID: "b")]))
        server.metadata = .keySetURL(server.issuer + "/elsewhere")
        #expect(await running.seek())
        #expect(running.keyIDs == ["b"])
        server.metadata = .issuer(server.issuer + "/")
        #expect(await running.seek())
        #expect(running.keyIDs == ["b"])
        #expect(running.availability == .doubtful)
        await running.stop()
    }

    @Test("74: unusable keys are reported once, and nothing in them can forge a line of a log")
    func skipped() async throws {
        server.mode = .someUnusable
        let running = RunningService([.test(server.fetch, cooldown: .zero)], fetcher: fetcher)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        #expect(await running.seek())
        let skipped = running.events.filter { $0.kind == .skipped }.map(\.text)
        #expect(skipped.count == 2)
        #expect(skipped.first?.hasPrefix("key 1 `strange`: ") == true)
        #expect(running.service.status().first?.skippedCount == 2)
        server.mode = .text(
            KeyServerAnswer.keySet(server.keys).text.replacing(
                "]}", with: #",{"kty":"x","kid":"a\nb\u001b[2J"}]}"#))
        #expect(await running.seek())
        #expect(running.events.last?.text.hasPrefix("key 2 `a?b?[2J`: ") == true)
        await running.stop()
    }
}
