import Cryptography
import Outbound
import TestSupport
import Testing
import TokenVerification

@testable import KeyDiscovery

@Suite("keys that tokens ask for")
struct SeekingTests {
    private static func set(_ names: String...) throws -> [UInt8] {
        KeyServerAnswer.keySet(try names.map { try TestKey(.edDSA, keyID: $0) }).body
    }

    @Test("79: 1,000 who ask at the start are served by exactly one fetch, after its publication")
    func coldStart() async throws {
        let fetcher = ScriptedFetcher(try Self.set("a"))
        fetcher.hold()
        let running = RunningService([.test()], fetcher: fetcher)
        let served = Locked(0)
        await withTaskGroup { group in
            for _ in 0..<1_000 {
                group.addTask {
                    let isComing = running.service.seek(.test("a")) {
                        if running.keyIDs == ["a"] { served.withLock { $0 += 1 } }
                    }
                    #expect(isComing)
                }
            }
        }
        #expect(served.withLock { $0 } == 0)
        fetcher.release()
        #expect(await running.reaches { _ in served.withLock { $0 } == 1_000 })
        #expect(fetcher.count == 1)
        await running.stop()
    }

    @Test("78: 10,000 who ask in vain cost one fetch in a cooldown, and little else")
    func flood() async throws {
        let clock = TestClock()
        let fetcher = ScriptedFetcher(try Self.set("a"))
        let running = RunningService([.test()], fetcher: fetcher, clock: clock)
        #expect(await running.reaches { $0.availability == .current })
        for round in 1...3 {
            let calls = Locked(0)
            let start = ContinuousClock.now
            var accepted = 0
            for number in 0..<10_000 {
                let isComing = running.service.seek(.test("\(round)-\(number)")) {
                    calls.withLock { $0 += 1 }
                }
                if isComing { accepted += 1 }
            }
            #expect(ContinuousClock.now - start < .seconds(5))
            #expect(await running.reaches { _ in calls.withLock { $0 } == accepted })
            #expect(accepted >= 1)
            #expect(fetcher.count == 1 + round)
            clock.advance(by: .seconds(29))
            #expect(await running.seek("late-\(round)") == false)
            clock.advance(by: .seconds(1))
        }
        #expect(running.service.status().first?.sought == 3)
        // Nothing had changed, so nothing was published again.
        #expect(running.updates.count == 1)
        await running.stop()
    }

    @Test("a forgotten client asks on for a key that is gone, and a rotation is followed at once")
    func forgottenClient() async throws {
        let clock = TestClock()
        let server = try KeyServer.start(keys: [TestKey(.es256, keyID: "old")])
        let running = RunningService(
            [.test(server.fetch)], fetcher: CurlFetcher(threads: 1), clock: clock)
        #expect(await running.reaches { $0.keyIDs == ["old"] })
        #expect(await running.seek("stale"))
        for _ in 0..<20 {
            #expect(await running.seek("stale") == false)
            clock.advance(by: .seconds(1))
        }
        #expect(server.fetchCount == 2)
        // One more look, since a key of that name may have come.
        clock.advance(by: .seconds(10))
        #expect(await running.seek("stale"))
        #expect(server.fetchCount == 3)
        server.keys = [try TestKey(.es256, keyID: "new")]
        #expect(await running.seek("stale") == false)
        #expect(await running.seek("new", .es256))
        #expect(running.keyIDs == ["new"])
        // The removed key was not asked for before: that is known without a question.
        clock.advance(by: .seconds(30))
        #expect(await running.seek("old", .es256))
        #expect(await running.seek("old", .es256) == false)
        server.keys = [try TestKey(.es256, keyID: "newer")]
        #expect(await running.seek("newer", .es256))
        #expect(running.keyIDs == ["newer"])
        await running.stop()
    }

    @Test("a name asked for in vain counts as soon as the background has brought it")
    func lateKey() async throws {
        let server = try KeyServer.start(keys: [TestKey(.es256, keyID: "old")])
        let running = RunningService(
            [.test(server.fetch, refresh: .milliseconds(500))], fetcher: CurlFetcher(threads: 1))
        #expect(await running.reaches { $0.keyIDs == ["old"] })
        #expect(await running.seek("late", .es256))
        #expect(running.keyIDs == ["old"])
        server.keys.append(try TestKey(.es256, keyID: "late"))
        #expect(await running.reaches { $0.keyIDs == ["old", "late"] })
        await running.stop()
    }

    @Test("10,000 who wait for one fetch are all called, once")
    func manyWait() async throws {
        let fetcher = ScriptedFetcher(try Self.set("a"))
        fetcher.hold()
        let running = RunningService([.test()], fetcher: fetcher)
        let calls = Locked(0)
        for _ in 0..<10_000 {
            #expect(running.service.seek(.test("new")) { calls.withLock { $0 += 1 } })
        }
        fetcher.release()
        #expect(await running.reaches { _ in calls.withLock { $0 } >= 10_000 })
        #expect(calls.withLock { $0 } == 10_000)
        #expect(fetcher.count == 1)
        await running.stop()
        #expect(calls.withLock { $0 } == 10_000)
    }

    @Test("80: a rotation is followed by the first token that names the new key")
    func rotation() async throws {
        let server = try KeyServer.start(keys: [TestKey(.es256, keyID: "old")])
        let running = RunningService([.test(server.fetch)], fetcher: CurlFetcher(threads: 1))
        #expect(await running.reaches { $0.keyIDs == ["old"] })
        let old = try #require(server.keys.first)
        server.keys = [old, try TestKey(.es256, keyID: "new")]
        #expect(await running.seek())
        #expect(running.keyIDs == ["old", "new"])
        #expect(server.fetchCount == 2)
        // The key that stays is the same key as before, for whoever has concluded something by it.
        let epochs = running.updates.map { $0.keys.keys.first?.epoch }
        #expect(epochs.count == 2 && epochs[0] == epochs[1])
        #expect(running.events.last?.text == "added `new`")
        #expect(await running.seek("newer") == false)
        await running.stop()
    }

    @Test("80: a removed key is gone after the next refresh")
    func removal() async throws {
        let server = try KeyServer.start(
            keys: [TestKey(.es256, keyID: "bad"), TestKey(.es256, keyID: "good")])
        let running = RunningService(
            [.test(server.fetch, refresh: .milliseconds(300))], fetcher: CurlFetcher(threads: 1))
        #expect(await running.reaches { $0.keyIDs == ["bad", "good"] })
        server.keys.removeFirst()
        #expect(await running.reaches { $0.keyIDs == ["good"] })
        #expect(running.events.last?.text == "removed `bad`")
        await running.stop()
    }

    @Test("81: the cooldown is one of a monotonic clock")
    func monotonic() async throws {
        // The default clock does not know of the calendar: it begins at zero.
        let now = KeyRefreshService.monotonicNow()
        #expect(now >= .zero && now < .seconds(24 * 3_600))
        #expect(KeyRefreshService.monotonicNow() >= now)
    }

    @Test("an issuer without a source has nothing to wait for")
    func unknownIssuer() async throws {
        let running = RunningService([.test()], fetcher: ScriptedFetcher(try Self.set("a")))
        #expect(await running.seek(of: "other") == false)
        await running.stop()
    }

    @Test("whoever waits for a fetch that fails goes on, and nothing is lost")
    func failure() async throws {
        let fetcher = ScriptedFetcher(try Self.set("a"))
        let running = RunningService([.test()], fetcher: fetcher)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        fetcher.answers(.failure(FetchError(.timeout, "too slow")))
        #expect(await running.seek())
        #expect(running.availability == .doubtful)
        #expect(running.keyIDs == ["a"])
        #expect(running.service.status().first?.lastError == "too slow")
        #expect(running.events.last?.text == "too slow; the old ones are kept")
        await running.stop()
    }

    @Test("the end of the service lets go of all who wait, then and later")
    func end() async throws {
        let fetcher = ScriptedFetcher(try Self.set("a"))
        let running = RunningService([.test()], fetcher: fetcher)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        fetcher.hold()
        let calls = Locked(0)
        for _ in 0..<10 {
            #expect(running.service.seek(.test("new")) { calls.withLock { $0 += 1 } })
        }
        #expect(await running.reaches { _ in fetcher.count == 2 })
        async let stopped: Void = running.stop()
        fetcher.release()
        await stopped
        #expect(calls.withLock { $0 } == 10)
        // Else a request would ask, and be told that nothing has come, again and again.
        #expect(!running.service.seek(.test("new")) { calls.withLock { $0 += 1 } })
        #expect(calls.withLock { $0 } == 10)
        // That the service ends is no failure of its source.
        #expect(running.events.allSatisfy { $0.kind != .failed })
    }

    @Test("issuers do not wait for each other")
    func independence() async throws {
        let server = try KeyServer.start(keys: [TestKey(.es256, keyID: "a")])
        server.script("/silent", KeyServerAnswer("{}").changed { $0.delay = .seconds(60) })
        var silent = server.fetch
        silent.url = server.issuer + "/silent"
        let running = RunningService(
            [KeySource(issuerName: "silent", location: .keySet(silent)), .test(server.fetch)],
            fetcher: CurlFetcher(threads: 2))
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        #expect(running.service.status().map(\.availability) == [.unavailable, .current])
        let start = ContinuousClock.now
        await running.stop()
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
