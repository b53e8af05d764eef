private import Glibc

/// A numeric address of a peer, as it stands in a URL or in what a name resolved to.
struct PeerAddress: Equatable, CustomStringConvertible {
    /// In the usual spelling, without brackets.
    let description: String
    /// What kind of address it is that is not public; nil for a public one.
    let refusal: String?

    /// Reads an IPv4 address of four decimal numbers or an IPv6 address, with or without brackets;
    /// nil for a name.
    init?(_ text: String) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let bare = isBracketed ? String(text.dropFirst().dropLast()) : text
        var ipv4 = in_addr()
        var ipv6 = in6_addr()
        if unsafe inet_pton(AF_INET, bare, &ipv4) == 1 {
            self.init(bare, AddressRule.refusal(ofIPv4: UInt32(bigEndian: ipv4.s_addr)))
        } else if unsafe inet_pton(AF_INET6, bare, &ipv6) == 1 {
            self.init(bare, AddressRule.refusal(ofIPv6: Self.number(ipv6)))
        } else {
            return nil
        }
    }

    private init(_ description: String, _ refusal: String?) {
        self.description = description
        self.refusal = refusal
    }

    private static func number(_ address: in6_addr) -> UInt128 {
        unsafe withUnsafeBytes(of: address) { bytes in
            unsafe bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        }
    }

    /// The address that a socket is to be connected to, as the system has it; nil for other families
    /// than IPv4 and IPv6.
    @unsafe init?(socketAddress: UnsafeRawPointer, length: Int) {
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        guard
            unsafe getnameinfo(
                socketAddress.assumingMemoryBound(to: sockaddr.self), socklen_t(length), &text,
                socklen_t(text.count), nil, 0, NI_NUMERICHOST)
                == 0
        else { return nil }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        // Without the zone of a link-local address (`fe80::1%eth0`).
        self.init(String(decoding: bytes.prefix { $0 != UInt8(ascii: "%") }, as: UTF8.self))
    }
}
