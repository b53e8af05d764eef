import Testing

@testable import Outbound

@Suite("the rule for addresses")
struct AddressRuleTests {
    @Test(
        "83: refuses what is not of the public internet",
        arguments: [
            ("127.0.0.1", "loopback"), ("127.255.255.254", "loopback"), ("0.0.0.0", "unspecified"),
            ("0.1.2.3", "unspecified"), ("10.0.0.1", "private"), ("172.16.0.1", "private"),
            ("172.31.255.255", "private"), ("192.168.1.1", "private"),
            ("169.254.169.254", "link-local"), ("100.64.0.1", "carrier-grade NAT"),
            ("100.127.255.255", "carrier-grade NAT"), ("192.0.0.8", "reserved"),
            ("192.0.2.1", "documentation"), ("198.18.0.1", "benchmarking"),
            ("198.19.255.255", "benchmarking"), ("198.51.100.7", "documentation"),
            ("203.0.113.7", "documentation"), ("224.0.0.1", "multicast"),
            ("239.255.255.250", "multicast"), ("240.0.0.1", "reserved"),
            ("255.255.255.255", "reserved"),
            ("::", "unspecified"), ("::1", "loopback"), ("::ffff:127.0.0.1", "loopback"),
            ("::ffff:10.1.2.3", "private"), ("::ffff:0:192.168.0.1", "private"),
            ("64:ff9b::169.254.169.254", "link-local"), ("64:ff9b::7f00:1", "loopback"),
            ("2002:7f00:1::1", "loopback"), ("2002:a9fe:a9fe::", "link-local"),
            ("64:ff9b:1::1", "reserved"), ("::127.0.0.1", "reserved"), ("100::1", "reserved"),
            ("fc00::1", "unique-local"), ("fd12:3456::1", "unique-local"),
            ("fe80::1", "link-local"), ("febf::1", "link-local"), ("fec0::1", "site-local"),
            ("ff02::1", "multicast"), ("2001:db8::1", "documentation"),
            ("2001::1", "reserved"), ("2001:1ff::1", "reserved"), ("3fff::1", "documentation"),
            ("4000::1", "reserved"), ("[::1]", "loopback"),
        ])
    func refused(address: String, kind: String) throws {
        #expect(try #require(PeerAddress(address)).refusal == kind)
    }

    @Test(
        "accepts addresses of the public internet, right up to the edges of what is refused",
        arguments: [
            "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
            "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
            "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255",
            "198.20.0.0", "223.255.255.255", "::ffff:8.8.8.8", "64:ff9b::808:808",
            "2002:808:808::1", "2606:4700::1111", "2001:200::1", "2001:4860:4860::8888",
            "2003::1", "3ffe::1", "2000::1",
        ])
    func accepted(address: String) throws {
        #expect(try #require(PeerAddress(address)).refusal == nil)
    }

    @Test("takes no name for an address", arguments: ["localhost", "a.test", "1.2.3", "", "[a]"])
    func names(text: String) {
        #expect(PeerAddress(text) == nil)
    }
}
