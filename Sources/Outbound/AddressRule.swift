/// Which addresses documents of other servers may come from: those of the public internet.
///
/// Whoever may write a URL, such as the owner of an issuer's metadata or of a name's DNS records,
/// must not be able to make the gateway knock at services that trust its network. The ranges are those
/// of the IANA special-purpose address registries (RFC 6890) that are not globally reachable.
package enum AddressRule {
    /// What kind of address it is that is not public; nil for a public one.
    package static func refusal(ofIPv4 address: UInt32) -> String? {
        ipv4Ranges.first { address >> (32 - $0.length) == $0.prefix >> (32 - $0.length) }?.kind
    }

    /// The same for IPv6. A form that carries an IPv4 address is judged by that one.
    package static func refusal(ofIPv6 address: UInt128) -> String? {
        if address == 0 { return "unspecified" }
        if address == 1 { return "loopback" }
        for carrier in ipv4Carriers where address >> carrier.shift == carrier.prefix {
            return refusal(ofIPv4: UInt32(truncatingIfNeeded: address >> carrier.position))
        }
        for range in ipv6Ranges where address >> range.shift == range.prefix { return range.kind }
        // 2000::/3 is all of the global unicast space; the rest is reserved.
        return address >> 125 == 1 ? nil : "reserved"
    }

    private static let ipv4Ranges: [(prefix: UInt32, length: UInt32, kind: String)] = [
        (0x0000_0000, 8, "unspecified"),
        (0x0A00_0000, 8, "private"),
        (0x6440_0000, 10, "carrier-grade NAT"),
        (0x7F00_0000, 8, "loopback"),
        (0xA9FE_0000, 16, "link-local"),
        (0xAC10_0000, 12, "private"),
        (0xC000_0000, 24, "reserved"),
        (0xC000_0200, 24, "documentation"),
        (0xC0A8_0000, 16, "private"),
        (0xC612_0000, 15, "benchmarking"),
        (0xC633_6400, 24, "documentation"),
        (0xCB00_7100, 24, "documentation"),
        (0xE000_0000, 4, "multicast"),
        (0xF000_0000, 4, "reserved"),
    ]

    /// IPv4-mapped (::ffff:0:0/96), translated (::ffff:0:0:0/96, 64:ff9b::/96) and 6to4 (2002::/16)
    /// addresses: how far the prefix is from the right, the prefix, and where the IPv4 address begins.
    private static let ipv4Carriers: [(shift: UInt128, prefix: UInt128, position: UInt128)] = [
        (32, 0xFFFF, 0),
        (32, 0xFFFF_0000, 0),
        (32, 0x0064_FF9B_0000_0000_0000_0000, 0),
        (112, 0x2002, 80),
    ]

    private static let ipv6Ranges: [(shift: UInt128, prefix: UInt128, kind: String)] = [
        (121, 0xFC >> 1, "unique-local"),
        (118, 0xFE80 >> 6, "link-local"),
        (118, 0xFEC0 >> 6, "site-local"),
        (120, 0xFF, "multicast"),
        // 2001::/23, of which Teredo (2001::/32) also hides an IPv4 address.
        (105, 0x2001_0000 >> 9, "reserved"),
        (96, 0x2001_0DB8, "documentation"),
        (108, 0x3FFF_0, "documentation"),
    ]
}
