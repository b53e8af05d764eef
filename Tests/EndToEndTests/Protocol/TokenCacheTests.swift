import TestSupport
import Testing

@Suite(
    "a token that was verified before",
    .gate({
        $0.policy = attackPolicy.replacing("audience: [app],", with: "audience: [app], leeway: 0s,")
    }),
    .serialized)
struct TokenCacheTests {
    @Test("is refused with any other signature")
    func otherSignature() throws {
        let token = try TestIssuer.shared.alice()
        for _ in 1...2 { _ = try expectForwarded(attack(token)) }
        let parts = token.split(separator: ".").map(String.init)
        let other = try TestIssuer.shared.alice().split(separator: ".").map(String.init)
        for forged in [
            "\(parts[0]).\(parts[1]).\(other[2])", "\(parts[0]).\(other[1]).\(parts[2])",
            token + "A", String(token.dropLast(2)) + "AA",
        ] {
            try expectBlocked(attack(forged), status: [401], reason: "token_invalid")
        }
        _ = try expectForwarded(attack(token))
    }

    @Test("is refused from the second on in which it expires")
    func expiry() throws {
        let expiry = unixTime() + 3
        let token = try TestIssuer.shared.token { $0.setting("exp", "\(expiry)") }
        let fixture = try currentFixture()
        let client = try fixture.gate.connect()
        var statuses: [Int] = []
        let refused = try Deadline.after(.seconds(8)).waits {
            let before = unixTime()
            try client.send(attack(token).request)
            let status = try client.response().status
            let after = unixTime()
            statuses.append(status)
            // A second of doubt on both sides: the gate reads the clock between the two.
            if after < expiry { #expect(status == 200) }
            if before > expiry { #expect(status == 401) }
            return before > expiry
        }
        #expect(refused)
        #expect(statuses.contains(200) && statuses.last == 401)
    }

    private func attack(_ token: String) -> Attack {
        Attack("/api/x", fields: ["Authorization: Bearer \(token)"], label: "token")
    }
}
