import Gateway
import Testing

@Suite("Addresses")
struct AddressTests {
    @Test(
        "reads and writes addresses in their canonical form",
        arguments: [
            ("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "0.0.0.0"), ("::", "::"), ("::1", "::1"),
            ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("::ffff:10.0.0.1", "10.0.0.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("1::", "1::"), ("fe80::1", "fe80::1"),
        ])
    func canonical(text: String, expected: String) {
        #expect(IPAddress(text)?.description == expected)
    }

    @Test(
        "refuses what is no address",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.256", "1.2.3.+4", "1.2.3.٤", ":", ":::",
            "1::2::3",
            "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "12345::", "g::", "::1%eth0",
            "[::1]", "1.2.3.4::", "::1.2.3",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        "a range contains the addresses that share its prefix",
        arguments: [
            ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("0.0.0.0/0", "1.2.3.4", true), ("0.0.0.0/0", "::1", false),
            ("::/0", "::1", true), ("2001:db8::/32", "2001:db8:1::", true),
            ("2001:db8::/32", "2001:db9::", false), ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false), ("10.0.0.0/8", "::ffff:10.0.0.1", true),
        ])
    func ranges(range: String, address: String, expected: Bool) throws {
        let flag = try #require(SettingFlag(assignment: "trusted_peers=\(range)"))
        let configuration = try GatewayConfiguration.load(
            file: nil, flags: [SettingFlag(upstream: "http://h:1"), flag],
            environment: ["HOME": "/h"])
        let parsed = try #require(configuration.trustedPeers.first)
        #expect(parsed.contains(try #require(IPAddress(address))) == expected)
    }
}
