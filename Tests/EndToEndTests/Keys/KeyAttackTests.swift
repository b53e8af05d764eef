import Cryptography
import TestSupport
import Testing

@Suite("attacks by keys of two issuers", .serialized, .blocking)
struct KeyAttackTests {
    @Test("T17, case 94: a key of one issuer signs nothing for another, whatever it is called")
    func foreignKey() async throws {
        let (x, y) = (try TestKey(.es256, keyID: "one"), try TestKey(.es256, keyID: "one"))
        let servers = [
            "x": try KeyServer.start(keys: [x]), "y": try KeyServer.start(keys: [y]),
        ]
        try await withKeyGate(servers) { fixture in
            try fixture.waitUntilReady()
            for (issuer, key, status) in [
                ("x", x, 200), ("y", y, 200), ("x", y, 401), ("y", x, 401),
            ] {
                #expect(try fixture.status(try fixture.token(key, of: issuer)) == status)
            }
            #expect(fixture.upstream.requests.count == 2)
        }
    }

    @Test("case 72: one name for keys of two kinds is told apart by the algorithm")
    func sameName() async throws {
        let keys = [try TestKey(.es256, keyID: "one"), try TestKey(.edDSA, keyID: "one")]
        let server = try KeyServer.start(keys: keys)
        try await withKeyGate(["test": server]) { fixture in
            for key in keys {
                let token = try fixture.token(key)
                #expect(try fixture.status(token) == 200)
            }
        }
    }

    @Test(
        "T25: the same bad token again and again stays bad, and costs no memory and no good token")
    func repeatedly() async throws {
        let key = TestIssuer.shared.es256
        let server = try KeyServer.start(keys: [key])
        let rounds = floodRounds(10_000)
        try await withKeyGate(["test": server]) { fixture in
            let good = try fixture.token(key)
            #expect(try fixture.status(good) == 200)
            let forged = String(good.dropLast(4)) + (good.hasSuffix("AAAA") ? "BBBB" : "AAAA")
            let client = try fixture.gate.connect()
            func send(_ count: Int) throws {
                for _ in 0..<count / 50 {
                    let batch = String(repeating: KeyGate.request(forged), count: 50)
                    try client.send(batch)
                    let statuses = try (0..<50).map { _ in try client.response().status }
                    #expect(statuses == Array(repeating: 401, count: 50))
                }
            }
            try send(rounds)
            let before = try #require(residentMemory(of: fixture.gate.pid))
            try send(rounds)
            let after = try #require(residentMemory(of: fixture.gate.pid))
            #expect(after - before < 4 << 20)
            #expect(try fixture.status(good) == 200)
        }
    }
}
