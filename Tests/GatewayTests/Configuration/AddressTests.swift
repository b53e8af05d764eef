import AccessPolicy
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
        "reads ranges into base and prefix length",
        arguments: [
            ("10.0.0.0/8", [10, 0, 0, 0], 8), ("0.0.0.0/0", [0, 0, 0, 0], 0),
            ("192.0.2.1", [192, 0, 2, 1], 32), ("::ffff:192.0.2.1", [192, 0, 2, 1], 32),
            ("2001:db8::/32", [0x20, 1, 0xD, 0xB8] + [UInt8](repeating: 0, count: 12), 32),
            ("::1", [UInt8](repeating: 0, count: 15) + [1], 128),
        ] as [(String, [UInt8], Int)])
    func ranges(text: String, bytes: [UInt8], prefixLength: Int) throws {
        let flag = try #require(SettingFlag(assignment: "trusted_peers=\(text)"))
        let configuration = try loadConfiguration(
            file: nil, flags: [SettingFlag(upstream: "http://h:1"), flag],
            environment: ["HOME": "/h"])
        let range = try #require(configuration.trustedPeers.first)
        #expect(range.base.bytes == bytes)
        #expect(range.prefixLength == prefixLength)
    }
}
