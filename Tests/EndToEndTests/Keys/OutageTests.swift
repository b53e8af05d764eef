import Cryptography
import TestSupport
import Testing

@Suite("an issuer whose key set is not to be had", .serialized, .blocking)
struct OutageTests {
    /// Every way in which an issuer can fail, each at an issuer of its own.
    private static let failures: [(name: String, mode: KeyServerMode)] = [
        ("status", .status(500)), ("html", .html), ("empty", .emptySet), ("broken", .brokenJSON),
        ("huge", .huge(announced: true)), ("endless", .huge(announced: false)),
        ("many", .manyKeys), ("slow", .slowDrip), ("silent", .silence), ("cut", .cutShort),
        ("elsewhere", .redirectToOtherHost), ("plain", .redirectToHTTP),
        ("circle", .redirectToItself), ("bomb", .gzipBomb), ("private", .privateMember),
        ("symmetric", .symmetricKey), ("twice", .duplicateKeyID),
    ]

    @Test("cases 71 to 77: old keys are kept, then it is 503, seen by operators, and comes back")
    func failures() async throws {
        let key = TestIssuer.shared.es256
        var servers: [String: KeyServer] = [:]
        for failure in Self.failures { servers[failure.name] = try KeyServer.start(keys: [key]) }
        servers["dead"] = try KeyServer.start(keys: [key])
        servers["healthy"] = try KeyServer.start(keys: [key])
        try await withKeyGate(
            servers, settings: "cooldown: 1s, refresh: 1s, timeout: 1s, stale_if_error: 6s"
        ) { fixture in
            try fixture.waitUntilReady()
            let broken = Self.failures.map(\.name) + ["dead"]
            func statuses(_ names: [String]) throws -> [String: Int] {
                var statuses: [String: Int] = [:]
                for name in names {
                    statuses[name] = try fixture.status(try fixture.token(key, of: name))
                }
                return statuses
            }
            func all(_ names: [String], _ status: Int) -> [String: Int] {
                Dictionary(uniqueKeysWithValues: names.map { ($0, status) })
            }
            func metric(_ name: String, _ issuer: String) throws -> Int? {
                try fixture.metric("ostiary_keys_\(name)", "issuer=\"\(issuer)\"")
            }
            #expect(try statuses(broken) == all(broken, 200))

            for failure in Self.failures { servers[failure.name]?.mode = failure.mode }
            servers["dead"]?.stop()
            let isInDoubt = try Deadline.after(.seconds(5)).waits {
                try broken.allSatisfy { try metric("stale", $0) == 1 }
            }
            #expect(isInDoubt, "\(fixture.gate.log.suffix(4_000))")
            #expect(try statuses(broken) == all(broken, 200), "the old keys are kept")
            #expect(try fixture.readiness().status == 200)
            // Nobody can say whether a key that is unknown now is good.
            let unknown = try TestKey(.es256, keyID: "unknown")
            #expect(try fixture.status(try fixture.token(unknown, of: "status")) == 503)
            #expect(try fixture.status(try fixture.token(unknown, of: "healthy")) == 401)

            let isOut = try Deadline.after(.seconds(20)).waits {
                try broken.allSatisfy { try metric("usable", $0) == 0 }
            }
            #expect(isOut, "\(fixture.gate.log.suffix(4_000))")
            #expect(try statuses(broken) == all(broken, 503))
            #expect(try statuses(["healthy"]) == ["healthy": 200])
            let readiness = try fixture.readiness()
            #expect(readiness.status == 503)
            for name in broken {
                #expect(readiness.text.contains("`\(name)`"))
                #expect(fixture.gate.log.contains(name))
            }
            #expect(!readiness.text.contains("healthy"))

            for failure in Self.failures { servers[failure.name]?.mode = .good }
            try servers["dead"]?.restart()
            let isBack = try Deadline.after(.seconds(45)).waits {
                try fixture.readiness().status == 200
            }
            #expect(isBack, "\(fixture.gate.log.suffix(4_000))")
            #expect(try statuses(broken) == all(broken, 200))
        }
    }

    @Test(
        "a redirect within the same origin is followed, and unusable keys beside good ones are left out"
    )
    func tolerated() async throws {
        let key = TestIssuer.shared.es256
        let moved = try KeyServer.start(keys: [key])
        moved.mode = .redirectToSameOrigin
        let mixed = try KeyServer.start(keys: [key])
        mixed.mode = .someUnusable
        try await withKeyGate(["moved": moved, "mixed": mixed]) { fixture in
            try fixture.waitUntilReady()
            for issuer in ["moved", "mixed"] {
                #expect(try fixture.status(try fixture.token(key, of: issuer)) == 200)
            }
            #expect(try fixture.metric("ostiary_keys_skipped", #"issuer="mixed""#) == 2)
            #expect(try fixture.metric("ostiary_keys_count", #"issuer="mixed""#) == 1)
        }
    }
}
