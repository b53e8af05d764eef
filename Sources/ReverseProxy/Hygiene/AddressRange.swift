private import Glibc

/// A block of IP addresses, such as `10.0.0.0/8`.
package struct AddressRange: Sendable, Equatable {
    /// 4 or 16 bytes, network order.
    package let bytes: [UInt8]
    package let prefixLength: Int

    /// - Returns: nil unless `bytes` is an address and `prefixLength` fits it.
    package init?(bytes: [UInt8], prefixLength: Int) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        guard (0...(bytes.count * 8)).contains(prefixLength) else { return nil }
        self.bytes = bytes
        self.prefixLength = prefixLength
    }

    func contains(_ address: IPAddress) -> Bool {
        guard address.bytes.count == bytes.count else { return false }
        for bit in 0..<prefixLength {
            let mask: UInt8 = 0x80 >> UInt8(bit & 7)
            if (bytes[bit >> 3] ^ address.bytes[bit >> 3]) & mask != 0 { return false }
        }
        return true
    }
}

/// An IP address; an IPv4 address in IPv6 clothing (`::ffff:1.2.3.4`) is the IPv4 address.
struct IPAddress: Equatable {
    let bytes: [UInt8]
    let text: String

    /// Reads the one canonical text form and nothing else (no port, brackets, zone, or leading
    /// zeros).
    init?(text: String) {
        var four = in_addr()
        var six = in6_addr()
        if unsafe inet_pton(AF_INET, text, &four) == 1 {
            self.init(bytes: unsafe withUnsafeBytes(of: &four) { unsafe Array($0) })
        } else if unsafe inet_pton(AF_INET6, text, &six) == 1 {
            self.init(bytes: unsafe withUnsafeBytes(of: &six) { unsafe Array($0) })
        } else {
            return nil
        }
    }

    private init(bytes: [UInt8]) {
        if bytes.count == 16, bytes[0..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF,
            bytes[11] == 0xFF
        {
            self.bytes = Array(bytes[12...])
        } else {
            self.bytes = bytes
        }
        text = Self.text(of: self.bytes)
    }

    private static func text(of bytes: [UInt8]) -> String {
        var output = [CChar](repeating: 0, count: 64)
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        let written = unsafe bytes.withUnsafeBytes { source in
            unsafe inet_ntop(family, source.baseAddress, &output, 64) != nil
        }
        guard written else { return "unknown" }
        return String(decoding: output.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
