import AccessPolicy
import TestSupport
import Testing

@testable import Admission

@Suite("Gatekeeper under all that a policy can say")
struct GatekeeperPolicyTests {
    private let fixture: Fixture
    private let issuer = TestIssuer.shared

    init() throws {
        fixture = try Fixture(
            policy: attackPolicy + """
                  - id: kept
                    match: GET /kept/**
                    path: {encoded_slash: keep}
                    allow: {role: viewer}
                  - {id: open, match: GET /open/**, auth: optional, allow: {anyone: true}}
                  - {id: hidden, match: GET /hidden/**, allow: {role: admin}, hide: true}
                  - id: counted
                    match: GET /counted/**
                    allow: {role: viewer}
                    rate:
                      - {per: subject, limit: 1/s, burst: 2}
                      - {per: address, limit: 1/s, burst: 5}
                  - id: strangers
                    match: GET /strangers/**
                    auth: optional
                    allow: {anyone: true}
                    rate: {per: subject, limit: 1/s, burst: 2}
                  - id: together
                    match: GET /together/**
                    auth: public
                    rate: {per: route, limit: 1/s, burst: 3}
                  - id: far
                    match: GET /far/**
                    allow: {role: viewer}
                    cors: {origins: [https://spa.test]}

                """)
    }

    private func request(_ target: String, _ token: String? = nil) -> RequestText {
        RequestText(target: target, authorization: token.map { ["Bearer \($0)"] } ?? [])
    }

    @Test("an escaped delimiter is refused before the credential, unless both routes keep it")
    func escapes() throws {
        let alice = try issuer.alice()
        for target in ["/a%2fb", "/public/a%2Fb", "/kept%2Fa", "/kept/..%2fapi/x"] {
            #expect(try fixture.gatekeeper.verdict(request(target)) == .refused(.badTarget))
            #expect(try fixture.gatekeeper.verdict(request(target, alice)) == .refused(.badTarget))
        }
        #expect(
            try fixture.gatekeeper.verdict(request("/kept/a%2fb", alice))
                == .admitted(route: "kept", subject: "alice"))
        #expect(
            try fixture.gatekeeper.verdict(request("/kept/a%2fb")) == .refused(.unauthenticated))
    }

    @Test("an optional route lets strangers in, and nobody with a bad credential")
    func optional() throws {
        let gatekeeper = fixture.gatekeeper
        #expect(
            try gatekeeper.verdict(request("/open/x")) == .admitted(route: "open", subject: nil))
        #expect(
            try gatekeeper.verdict(request("/open/x", try issuer.alice()))
                == .admitted(route: "open", subject: "alice"))
        #expect(
            try gatekeeper.verdict(request("/open/x", try issuer.expired()))
                == .refused(.tokenExpired))
        var other = request("/open/x")
        other.authorization = ["Basic x"]
        #expect(try gatekeeper.verdict(other) == .refused(.unauthenticated))
        other.authorization = ["Bearer a", "Bearer b"]
        #expect(try gatekeeper.verdict(other) == .refused(.ambiguousCredentials))
    }

    @Test("a hidden route's refusal looks like an address that is not there")
    func hidden() throws {
        let arrival = Arrival(client: nil, now: Int64(unixTime()), milliseconds: 0)
        func refusal(_ token: String?) throws -> Refusal? {
            switch fixture.gatekeeper.admit(
                try request("/hidden/x", token).canonical(), arrival)
            {
            case .refused(let refusal): return refusal
            case .admitted: return nil
            case .preflight: return nil
            case .needs: return nil
            }
        }
        let known = try #require(try refusal(try issuer.alice()))
        #expect(known.code == .roleMissing)
        #expect(known.status == 404 && known.publicReason == "not_found")
        #expect(try refusal(nil)?.status == 401)
        #expect(try refusal(try issuer.root()) == nil)
    }

    @Test("rates count per user and per address, each with its own burst, and time gives back")
    func rates() throws {
        let (alice, root) = (try issuer.alice(), try issuer.root())
        let gatekeeper = fixture.gatekeeper
        func verdict(_ token: String, _ milliseconds: Int64, _ client: String) throws -> Verdict {
            try gatekeeper.verdict(
                request("/counted/x", token), client: client, milliseconds: milliseconds)
        }
        let passes = Verdict.admitted(route: "counted", subject: "alice")
        #expect(try verdict(alice, 0, "192.0.2.1") == passes)
        #expect(try verdict(alice, 0, "192.0.2.2") == passes)
        #expect(try verdict(alice, 0, "192.0.2.3") == .refused(.rateLimited))
        #expect(try verdict(alice, 999, "192.0.2.3") == .refused(.rateLimited))
        #expect(try verdict(alice, 1000, "192.0.2.3") == passes)
        #expect(
            try verdict(root, 1000, "192.0.2.4") == .admitted(route: "counted", subject: "root"))
        // Five of one address, whoever they are; the bad token is not even looked at.
        let bad = (1...6).map { _ in "garbage" }
        let verdicts = try bad.map { try verdict($0, 2000, "2001:db8::1") }
        #expect(
            verdicts == Array(repeating: .refused(.tokenMalformed), count: 5)
                + [.refused(.rateLimited)])
        #expect(try verdict(root, 2000, "2001:db8::2") == .refused(.rateLimited))
    }

    @Test("a request that has waited for keys is not counted again by its address")
    func countedOnce() throws {
        let gatekeeper = fixture.gatekeeper
        for _ in 0..<20 {
            let verdict = try gatekeeper.verdict(
                request("/counted/x", "garbage"), isCounted: true)
            #expect(verdict == .refused(.tokenMalformed))
        }
    }

    @Test("strangers are told apart by their address, and a route counts all together")
    func strangers() throws {
        let gatekeeper = fixture.gatekeeper
        func statuses(_ target: String, _ clients: [String]) throws -> [Bool] {
            try clients.map { client in
                try gatekeeper.verdict(request(target), client: client) != .refused(.rateLimited)
            }
        }
        #expect(
            try statuses("/strangers/x", ["192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2"])
                == [true, true, false, true])
        #expect(
            try statuses("/together/x", ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"])
                == [true, true, true, false])
    }

    @Test("a preflight comes behind host and target, and before every credential")
    func preflight() throws {
        var preflight = request("/far/x", "garbage")
        preflight.method = "OPTIONS"
        preflight.origin = ["https://spa.test"]
        preflight.requestedMethod = ["GET"]
        guard case .preflight(let fields) = try fixture.gatekeeper.verdict(preflight) else {
            Issue.record("not answered as a preflight")
            return
        }
        #expect(fields.contains("Access-Control-Allow-Origin: https://spa.test\r\n"))

        var other = preflight
        other.host = "evil.test"
        #expect(try fixture.gatekeeper.verdict(other) == .refused(.unknownHost))
        other = preflight
        other.target = "/far/a%2fb"
        #expect(try fixture.gatekeeper.verdict(other) == .refused(.badTarget))
        for (target, method) in [("/api/x", "GET"), ("/nothing", "GET"), ("/far/x", "BREW")] {
            other = preflight
            other.target = target
            other.requestedMethod = [method]
            #expect(try fixture.gatekeeper.verdict(other) == .preflight(""))
        }
        other = preflight
        other.method = "GET"
        #expect(try fixture.gatekeeper.verdict(other) == .refused(.tokenMalformed))
        other = preflight
        other.origin = []
        #expect(try fixture.gatekeeper.verdict(other) == .refused(.tokenMalformed))
    }

    @Test("another policy has other rules for origins and rates, and full buckets")
    func changedPolicy() throws {
        let gatekeeper = fixture.gatekeeper
        let open = Verdict.admitted(route: "together", subject: nil)
        for _ in 0..<3 { #expect(try gatekeeper.verdict(request("/together/x")) == open) }
        #expect(try gatekeeper.verdict(request("/together/x")) == .refused(.rateLimited))
        gatekeeper.use(fixture.policy, fixture.keyRing)
        #expect(try gatekeeper.verdict(request("/together/x")) == open)
    }
}
