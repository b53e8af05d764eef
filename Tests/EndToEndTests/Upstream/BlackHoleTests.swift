import Foundation
import TestSupport
import Testing

@Suite("an upstream that is not there", .blocking, .serialized)
struct BlackHoleTests {
    @Test("one that takes no connections is 504 after the connect timeout")
    func blackHole() throws {
        // An address of a network for documentation (RFC 5737), where nobody answers.
        let fixture = try GateFixture {
            $0.upstreamURL = "http://192.0.2.1:9"
            $0.timeouts = ["connect": "300ms"]
        }
        defer { fixture.stop() }
        let time = try ContinuousClock().measure {
            let response = try fixture.gate.exchange(Attack("/public/a").request)
            // A machine without a way to anywhere says so at once.
            let isUnroutable =
                response.reason == "upstream_unreachable" && response.status == 502
            #expect(
                isUnroutable || response.reason == "upstream_timeout" && response.status == 504)
        }
        #expect(time < .seconds(4))
    }

    @Test("a name that does not exist is 502, and does not hold up other requests")
    func unknownName() throws {
        let fixture = try GateFixture { $0.upstreamURL = "http://app.invalid:9" }
        defer { fixture.stop() }
        let client = try fixture.gate.connect()
        try client.send(Attack("/public/a").request)
        let other = try fixture.gate.connect()
        try other.send(Attack("/admin/x").request)
        #expect(try other.response().status == 401)
        let response = try client.response(within: .seconds(10))
        #expect([502, 504].contains(response.status))
        #expect(["upstream_unreachable", "upstream_timeout"].contains(response.reason))
    }
}
