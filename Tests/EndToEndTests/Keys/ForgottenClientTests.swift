import Cryptography
import Foundation
import TestSupport
import Testing

/// Clients that go on for ever with a token of a key that is gone, or that never was.
@Suite("rotation at an issuer with forgotten clients", .serialized, .blocking)
struct ForgottenClientTests {
    private static let pause = Duration.milliseconds(20)

    @Test("a token of an unknown key again and again delays no rotation: nobody is refused")
    func unknownKey() async throws {
        var keys = [TestIssuer.shared.es256]
        let server = try KeyServer.start(keys: keys)
        try await withKeyGate(["test": server], settings: "cooldown: 2s") { fixture in
            try fixture.waitUntilReady()
            let start = ContinuousClock.now
            let stale = try fixture.token(try TestKey(.es256, keyID: "stale"))
            let forgotten = TokenUsers(fixture, count: 1, token: stale, pause: Self.pause)
            defer { forgotten.stop() }
            let users = TokenUsers(fixture, count: 3, token: try fixture.token(keys[0]))
            defer { users.stop() }
            // Longer than the cooldown that the first of them has begun, and each new key.
            for number in 1...3 {
                usleep(2_300_000)
                let key = try TestKey(.es256, keyID: "rotated-\(number)")
                keys = [key] + keys.prefix(1)
                server.keys = keys
                users.use(try fixture.token(key))
            }
            usleep(500_000)
            users.stop()
            forgotten.stop()
            #expect(users.refusals == [])
            #expect(users.served.withLock { $0 } > 100)
            #expect(forgotten.served.withLock { $0 } == 0)
            #expect(forgotten.refusals.allSatisfy { $0 == 401 })
            #expect(forgotten.refusals.count > 50)
            // At the start, for each new key, and now and then for the forgotten one.
            let cooldowns = Int((ContinuousClock.now - start) / .seconds(2))
            #expect(server.fetchCount <= 1 + 3 + cooldowns + 1)
        }
    }

    @Test("a removed key that is still in use delays no rotation, though the cooldown is long")
    func removedKey() async throws {
        let (old, present) = (TestIssuer.shared.es256, try TestKey(.es256, keyID: "present"))
        let server = try KeyServer.start(keys: [present, old])
        try await withKeyGate(["test": server], settings: "cooldown: 60s, refresh: 2s") { fixture in
            try fixture.waitUntilReady()
            let forgotten = TokenUsers(
                fixture, count: 1, token: try fixture.token(old), pause: Self.pause)
            defer { forgotten.stop() }
            let users = TokenUsers(fixture, count: 3, token: try fixture.token(present))
            defer { users.stop() }
            server.keys = [present]
            let isRefused = Deadline.after(.seconds(20)).waits { forgotten.refusals.count > 3 }
            #expect(isRefused)
            #expect(forgotten.served.withLock { $0 } > 0)
            let key = try TestKey(.es256, keyID: "rotated")
            server.keys = [key, present]
            users.use(try fixture.token(key))
            usleep(1_000_000)
            users.stop()
            forgotten.stop()
            #expect(users.refusals == [])
            #expect(users.served.withLock { $0 } > 100)
            #expect(forgotten.refusals.allSatisfy { $0 == 401 })
            // For the removed key once more, and for the new one, if no refresh came first.
            let sought = try fixture.metric("ostiary_keys_sought_total", #"issuer="test""#)
            #expect([1, 2].contains(sought))
        }
    }

    @Test("beside a flood of invented keys a forgotten client causes no fetch of its own")
    func flood() async throws {
        let key = TestIssuer.shared.es256
        let server = try KeyServer.start(keys: [key])
        try await withKeyGate(["test": server], settings: "cooldown: 60s") { fixture in
            try fixture.waitUntilReady()
            let fetches = server.fetchCount
            let stale = try fixture.token(try TestKey(.es256, keyID: "stale"))
            let forgotten = TokenUsers(fixture, count: 1, token: stale, pause: Self.pause)
            defer { forgotten.stop() }
            let flood = UnknownKeyFlood(fixture, signing: key, count: 3_000)
            flood.wait()
            forgotten.stop()
            #expect(flood.answers.withLock { $0 } == 3_000)
            #expect(flood.passed.withLock { $0 } == 0)
            #expect(forgotten.served.withLock { $0 } == 0)
            #expect(server.fetchCount - fetches == 1)
        }
    }

    @Test("a key that was asked for in vain counts as soon as a refresh has brought it")
    func lateKey() async throws {
        let (key, late) = (TestIssuer.shared.es256, try TestKey(.es256, keyID: "late"))
        let server = try KeyServer.start(keys: [key])
        try await withKeyGate(["test": server], settings: "cooldown: 60s, refresh: 1s") { fixture in
            try fixture.waitUntilReady()
            let token = try fixture.token(late)
            for _ in 0..<5 { #expect(try fixture.status(token) == 401) }
            server.keys = [key, late]
            let counts = try Deadline.after(.seconds(20)).waits {
                try fixture.status(token) == 200
            }
            #expect(counts)
            #expect(try fixture.metric("ostiary_keys_sought_total", #"issuer="test""#) == 1)
        }
    }
}
