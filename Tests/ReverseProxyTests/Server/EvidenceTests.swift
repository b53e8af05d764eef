import Admission
import Cryptography
import Foundation
import ReverseProxy
import TestSupport
import Testing
import TokenVerification

/// Requests with tokens of a key that is not known yet, over real sockets, with a source of keys that
/// does what the test says.
@Suite("requests that wait for keys", .serialized, .blocking)
struct EvidenceTests {
    /// A key that the issuer begins to use, and the ring that has it.
    private let newKey: TestKey
    private let oldSet: KeySet
    private let newSet: KeySet

    init() throws {
        newKey = try TestKey(.es256, keyID: "new")
        let issuer = TestIssuer.shared
        oldSet = try KeySet(jwks: issuer.keySet.span)
        let jwks = Array("{\"keys\":[\(issuer.es256.publicJWK),\(newKey.publicJWK)]}".utf8)
        newSet = try KeySet(jwks: jwks.span)
    }

    private func request(_ token: String, target: String = "/api/x", body: String = "") -> String {
        let method = body.isEmpty ? "GET" : "POST"
        let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
        return "\(method) \(target) HTTP/1.1\r\nHost: app.test\r\n"
            + "Authorization: Bearer \(token)\r\n\(length)\r\n\(body)"
    }

    private func serving(
        _ availability: KeyAvailability = .current, source: (any EvidenceSource)?,
        room: Int = 4096,
        _ test: (RunningProxy, EchoUpstream) async throws -> Void
    ) async throws {
        let upstream = try EchoUpstream()
        let keys = availability == .unavailable ? try KeySet.nothing() : oldSet
        try await RunningProxy.with(
            upstream: upstream.port, evidenceSource: source,
            keys: (keys, availability),
            adjusting: { $0.limits.waiting = room }
        ) { proxy in
            try await test(proxy, upstream)
        }
    }

    @Test(
        "a token of a new key waits until the key is here, and passes; its body and what follows too"
    )
    func rotation() async throws {
        let source = HeldSource()
        try await serving(source: source) { proxy, upstream in
            let token = try TestIssuer.shared.token(key: newKey)
            let client = try proxy.connect()
            try client.send(request(token, body: "hello") + request(token, target: "/api/y"))
            #expect(source.waits(forCount: 1))
            #expect(upstream.hits == 0)
            // Others are not delayed.
            let other = try proxy.connect()
            try other.send(request(try TestIssuer.shared.alice()))
            #expect(try other.response().status == 200)
            await proxy.changeKeys { ring in
                ring.replacing(issuerName: "test", keys: newSet, availability: .current)
            }
            source.release()
            #expect(try client.response().status == 200)
            #expect(try client.response().status == 200)
            #expect(upstream.requests.map(\.target).sorted() == ["/api/x", "/api/x", "/api/y"])
            #expect(upstream.requests.contains { latin1($0.body) == "hello" })
            #expect(source.count == 1, "known now")
        }
    }

    @Test("a crowd that waits for the same keys asks for them once, and all of it is served")
    func crowd() async throws {
        let source = HeldSource()
        try await serving(.unavailable, source: source) { proxy, upstream in
            let token = try TestIssuer.shared.alice()
            let clients = try (0..<200).map { _ in try proxy.connect() }
            for client in clients { try client.send(request(token)) }
            #expect(source.waits(forCount: 1))
            usleep(200_000)
            await proxy.changeKeys { ring in
                ring.replacing(issuerName: "test", keys: oldSet, availability: .current)
            }
            source.release()
            for client in clients { #expect(try client.response().status == 200) }
            #expect(source.count == 1)
            #expect(upstream.hits == clients.count)
        }
    }

    @Test("tokens of different keys wait for the same delivery, and are told apart by it")
    func mixedCrowd() async throws {
        let source = HeldSource(answers: [true, false])
        try await serving(source: source) { proxy, upstream in
            let invented = try (0..<50).map { try TestKey(.es256, keyID: "invented-\($0)") }
            let clients = try ([newKey] + invented).map { key in
                let client = try proxy.connect()
                try client.send(request(try TestIssuer.shared.token(key: key)))
                return client
            }
            #expect(source.waits(forCount: 1))
            usleep(200_000)
            #expect(source.count == 1, "one fetch is all that they can wait for")
            await proxy.changeKeys { ring in
                ring.replacing(issuerName: "test", keys: newSet, availability: .current)
            }
            source.release()
            let statuses = try clients.map { try $0.response().status }
            #expect(statuses == [200] + invented.map { _ in 401 })
            #expect(upstream.hits == 1)
            // What the keys that have come do not answer is asked for by its name.
            #expect(source.evidence.count == 1 + invented.count)
            #expect(Set(source.evidence).count >= invented.count)
        }
    }

    struct Outcome: Sendable {
        let availability: KeyAvailability
        let status: Int
        let code: String
    }

    static let outcomes = [
        Outcome(availability: .fixed, status: 401, code: "token_unknown_key"),
        Outcome(availability: .current, status: 401, code: "token_unknown_key"),
        Outcome(availability: .doubtful, status: 503, code: "keys_unavailable"),
        Outcome(availability: .unavailable, status: 503, code: "keys_unavailable"),
    ]

    @Test("where nothing is to be had the answer comes at once, as known", arguments: outcomes)
    func nothingToSeek(_ outcome: Outcome) async throws {
        for source in [RefusingSource() as any EvidenceSource, nil] as [(any EvidenceSource)?] {
            try await serving(outcome.availability, source: source) { proxy, upstream in
                let client = try proxy.connect()
                let start = ContinuousClock.now
                try client.send(request(try TestIssuer.shared.token(key: newKey)))
                let answer = try client.response()
                #expect(ContinuousClock.now - start < .seconds(1))
                #expect(answer.status == outcome.status)
                #expect((answer.value("retry-after") != nil) == (outcome.status == 503))
                #expect(!proxy.logLines(with: outcome.code).isEmpty)
                #expect(upstream.hits == 0)
            }
        }
    }

    @Test(
        "nobody waits for longer than two seconds, and the connection goes on",
        arguments: [outcomes[1], outcomes[2]])
    func bounded(_ outcome: Outcome) async throws {
        let source = HeldSource()
        try await serving(outcome.availability, source: source) { proxy, _ in
            let client = try proxy.connect()
            let start = ContinuousClock.now
            try client.send(request(try TestIssuer.shared.token(key: newKey)))
            #expect(try client.response().status == outcome.status)
            #expect(ContinuousClock.now - start > .seconds(1.8))
            try client.send(request(try TestIssuer.shared.alice()))
            #expect(try client.response().status == 200)
            // The evidence comes when nobody waits for it any more.
            source.release()
            try client.send(request(try TestIssuer.shared.alice()))
            #expect(try client.response().status == 200)
            let line = proxy.logLines(with: outcome.code).first ?? ""
            #expect(line.contains("\"status\":\(outcome.status)"))
        }
    }

    @Test("keys that come without the one in question: asked again once, then refused")
    func stillUnknown() async throws {
        let source = HeldSource(answers: [true, false])
        try await serving(source: source) { proxy, upstream in
            let client = try proxy.connect()
            try client.send(request(try TestIssuer.shared.token(key: newKey)))
            #expect(source.waits(forCount: 1))
            source.release()
            #expect(try client.response().status == 401)
            #expect(source.count == 2)
            #expect(upstream.hits == 0)
        }
    }

    @Test("clients that leave while they wait cost nothing, also when the server stops meanwhile")
    func leaving() async throws {
        let source = HeldSource()
        try await serving(source: source) { proxy, upstream in
            let token = try TestIssuer.shared.token(key: newKey)
            do {
                let gone = try (0..<20).map { _ in try proxy.connect() }
                for client in gone { try client.send(request(token)) }
                #expect(source.waits(forCount: 1))
            }
            #expect(proxy.logLines(with: "client went away").count > 0)
            let staying = try proxy.connect()
            try staying.send(request(token))
            source.release()
            #expect(try staying.response().status == 401)
            let last = try proxy.connect()
            try last.send(request(token))
            await proxy.stop(within: .milliseconds(300))
            source.release()
            #expect(upstream.hits == 0)
        }
    }

    @Test("whoever leaves, or has waited long enough, makes room for others")
    func room() async throws {
        let source = HeldSource()
        try await serving(source: source, room: 2) { proxy, _ in
            let token = try TestIssuer.shared.token(key: newKey)
            for _ in 0..<4 {
                let leaving = try (0..<2).map { _ in try proxy.connect() }
                for client in leaving { try client.send(request(token)) }
                #expect(source.waits(forCount: 1))
                // The room is full: a third is decided on what is known.
                let third = try proxy.connect()
                try third.send(request(token))
                #expect(try third.response().status == 401)
            }
            let patient = try proxy.connect()
            try patient.send(request(token))
            #expect(try patient.response().status == 401, "after two seconds")
            let lucky = try (0..<2).map { _ in try proxy.connect() }
            for client in lucky { try client.send(request(token)) }
            usleep(100_000)
            await proxy.changeKeys { ring in
                ring.replacing(issuerName: "test", keys: newSet, availability: .current)
            }
            source.release()
            for client in lucky { #expect(try client.response().status == 200) }
            #expect(source.count == 1)
        }
    }

    @Test("a key that is gone takes its tokens with it, also those that were known")
    func removal() async throws {
        try await serving(source: nil) { proxy, _ in
            let client = try proxy.connect()
            let tokens = try [
                TestIssuer.shared.token(), TestIssuer.shared.token(key: TestIssuer.shared.edDSA),
            ]
            for token in tokens {
                try client.send(request(token))
                #expect(try client.response().status == 200)
            }
            // `newSet` has the first key and not the second.
            await proxy.changeKeys { ring in
                ring.replacing(
                    issuerName: "test", keys: newSet.keeping(oldSet), availability: .current)
            }
            for (token, status) in zip(tokens, [200, 401]) {
                try client.send(request(token))
                #expect(try client.response().status == status)
            }
        }
    }
}

extension KeySet {
    fileprivate static func nothing() throws -> KeySet {
        try KeySet(jwks: Array("{\"keys\":[]}".utf8).span)
    }
}

/// Has nothing, ever.
private struct RefusingSource: EvidenceSource {
    func seek(_ evidence: Evidence, arrived: @escaping @Sendable () -> Void) -> Bool { false }
}

/// Promises evidence, and tells of its arrival when the test says so.
private final class HeldSource: EvidenceSource {
    private struct State {
        var answers: [Bool]
        var evidence: [Evidence] = []
        var waiting: [@Sendable () -> Void] = []
    }

    private let state: Locked<State>

    /// `answers` are given in turn, the last one again and again.
    init(answers: [Bool] = [true]) { state = Locked(State(answers: answers)) }

    func seek(_ evidence: Evidence, arrived: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            let answer = state.answers[min(state.evidence.count, state.answers.count - 1)]
            state.evidence.append(evidence)
            if answer { state.waiting.append(arrived) }
            return answer
        }
    }

    /// What it was asked for.
    var evidence: [Evidence] { state.withLock { $0.evidence } }

    /// How often it was asked.
    var count: Int { evidence.count }

    func waits(forCount wanted: Int) -> Bool {
        Deadline.after(.seconds(20)).waits { count >= wanted }
    }

    func release() {
        let arrived = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for tell in arrived { tell() }
    }
}
