import AccessPolicy
import Admission
import TestSupport

@testable import ReverseProxy

/// Signs nothing, but says what it was asked for, and how often.
final class CountingSigner: AssertionSigning {
    let name: String
    private let asked = Locked<[AssertionOrder]>([])
    private let failure: AssertionFailure?

    init(_ name: String = "one", failing failure: AssertionFailure? = nil) {
        self.name = name
        self.failure = failure
    }

    var orders: [AssertionOrder] { asked.withLock { $0 } }

    func sign(_ order: AssertionOrder) throws(AssertionFailure) -> [UInt8] {
        asked.withLock { $0.append(order) }
        if let failure { throw failure }
        return Array("\(name)-\(orders.count)".utf8)
    }
}

/// Requests under a policy with assertions, as far as the line that they would carry.
final class AssertionFixture {
    let gatekeeper: Gatekeeper
    let policy: PolicySet
    let fixture: Fixture
    var assertions: IdentityAssertions

    static func policy(_ assertion: String) -> String {
        attackPolicy.replacing("identity: {", with: "identity: {assertion: \(assertion), ")
            .replacing(
                "  - {id: api,",
                with: """
                      - {id: open, match: "GET /open/**", auth: optional, allow: {anyone: true}}
                      - {id: api,
                    """)
    }

    init(_ assertion: String = "{}", signer: CountingSigner?) throws {
        fixture = try Fixture(policy: Self.policy(assertion))
        policy = fixture.policy
        gatekeeper = fixture.gatekeeper
        assertions = IdentityAssertions(rule: policy.assertion, signer: signer)
    }

    /// The line of a request that is admitted; nil for one that is not.
    func line(
        _ target: String = "/api/x", method: String = "GET", token: String?,
        host: String = "app.test", now: Int64 = Int64(unixTime())
    ) throws -> String? {
        let credential = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        let bytes = wireBytes("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n\(credential)\r\n")
        var parser = RequestHeadParser()
        let names = ReservedNames.requestTable(injected: [])
        guard
            case .head(let head) = parser.parse(bytes.span, names: names, limits: usualLimits),
            let request = try? CanonicalRequest(
                bytes.span, head.parts, defaultAuthority: [],
                recycling: CanonicalRequest.Storage()),
            case .admitted(let permit) = gatekeeper.admit(
                request, Arrival(client: IPAddress("192.0.2.1"), now: now, milliseconds: 0))
        else { return nil }
        return latin1(try assertions.line(for: permit, now: now))
    }
}
