import Cryptography
import Foundation
import TestSupport
import Testing

@Suite("rotation at an issuer", .serialized, .blocking)
struct RotationTests {
    @Test("case 80: under load it costs nobody a refusal, whoever comes first with the new key")
    func underLoad() async throws {
        var keys = [TestIssuer.shared.es256]
        let server = try KeyServer.start(keys: keys)
        try await withKeyGate(["test": server], settings: "cooldown: 1s") { fixture in
            let users = TokenUsers(fixture, count: 4, token: try fixture.token(keys[0]))
            defer { users.stop() }
            for number in 1...4 {
                usleep(1_300_000)
                let key = try TestKey(.es256, keyID: "rotated-\(number)")
                keys = [key] + keys.prefix(1)
                server.keys = keys
                users.use(try fixture.token(key))
            }
            usleep(500_000)
            users.stop()
            #expect(users.refused.withLock { $0.map(\.status) } == [])
            #expect(users.served.withLock { $0 } > 100)
            // At the start, and once for each new key.
            #expect(server.fetchCount == 5)
            // The first key is gone from the set, and from the gate.
            #expect(try fixture.status(try fixture.token(TestIssuer.shared.es256)) == 401)
        }
    }

    @Test("under a flood of invented keys nobody is refused for longer than the cooldown")
    func underFlood() async throws {
        let first = TestIssuer.shared.es256
        let server = try KeyServer.start(keys: [first])
        let cooldown = Duration.seconds(3)
        try await withKeyGate(["test": server], settings: "cooldown: 3s") { fixture in
            let flood = UnknownKeyFlood(fixture, signing: first)
            defer { flood.stop() }
            let users = TokenUsers(fixture, count: 2, token: try fixture.token(first))
            defer { users.stop() }
            usleep(1_000_000)
            #expect(users.refused.withLock { $0.count } == 0)
            let key = try TestKey(.es256, keyID: "rotated")
            server.keys = [key, first]
            let rotated = ContinuousClock.now
            users.use(try fixture.token(key))
            usleep(5_500_000)
            users.stop()
            flood.stop()
            let late = users.refused.withLock { refused in
                refused.filter { $0.after - rotated > cooldown + .milliseconds(500) }.map(\.status)
            }
            #expect(late == [])
            #expect(users.served.withLock { $0 } > 100)
            #expect(flood.answers.withLock { $0 } > 1_000)
            #expect(flood.passed.withLock { $0 } == 0)
            // One at the start, and one for each cooldown that has begun.
            #expect(server.fetchCount <= 2 + Int((ContinuousClock.now - rotated) / cooldown) + 1)
        }
    }

    @Test(
        "case 78, T10: ten thousand invented keys cause one fetch, and good tokens pass meanwhile")
    func flood() async throws {
        let key = TestIssuer.shared.es256
        let server = try KeyServer.start(keys: [key])
        let invented = 10_000
        try await withKeyGate(["test": server], settings: "cooldown: 30s") { fixture in
            try fixture.waitUntilReady()
            let fetches = server.fetchCount
            let users = TokenUsers(fixture, count: 1, token: try fixture.token(key))
            defer { users.stop() }
            let flood = UnknownKeyFlood(fixture, signing: key, count: invented)
            flood.wait()
            users.stop()
            #expect(flood.answers.withLock { $0 } == invented)
            #expect(flood.passed.withLock { $0 } == 0)
            #expect(server.fetchCount - fetches == 1)
            #expect(users.refused.withLock { $0.map(\.status) } == [])
            #expect(users.served.withLock { $0 } > 10)
            #expect(try fixture.metric("ostiary_keys_sought_total", #"issuer="test""#) == 1)
        }
    }
}

/// Sends tokens that each name another key that nobody has.
final class UnknownKeyFlood: Sendable {
    let answers = Locked(0)
    /// Those that were not refused.
    let passed = Locked(0)
    private let isOver = Locked(false)
    private let group = DispatchGroup()

    /// `count` nil: until stopped.
    init(_ fixture: KeyGate, signing key: TestKey, count: Int? = nil) {
        group.enter()
        Thread.detachNewThread { [self] in
            defer { group.leave() }
            guard let client = try? fixture.gate.connect(),
                let signed = try? fixture.token(key)
            else { return }
            let rest = signed.drop { $0 != "." }
            var number = 0
            while !isOver.withLock({ $0 }), number < count ?? .max {
                // Many at a time: an attacker does not wait for answers.
                let batch = min(50, (count ?? .max) - number)
                let requests = (0..<batch).map { index in
                    let header = #"{"typ":"at+jwt","alg":"ES256","kid":"no-\#(number + index)"}"#
                    return KeyGate.request(base64URL(header.utf8) + rest)
                }
                number += batch
                guard (try? client.send(requests.joined())) != nil else { return }
                for _ in 0..<batch {
                    guard let answer = try? client.response() else { return }
                    answers.withLock { $0 += 1 }
                    if ![401, 503].contains(answer.status) { passed.withLock { $0 += 1 } }
                }
            }
        }
    }

    func wait() { group.wait() }

    func stop() {
        isOver.withLock { $0 = true }
        group.wait()
    }
}
