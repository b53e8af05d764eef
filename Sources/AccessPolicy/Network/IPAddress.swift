/// An IPv4 or IPv6 address. IPv4-mapped IPv6 addresses become IPv4, so that one peer has one form.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    package let isIPv6: Bool
    /// The address as a number in network order: 32 bits for IPv4, 128 for IPv6.
    package let value: UInt128

    package init(isIPv6: Bool, value: UInt128) {
        if isIPv6, value >> 32 == 0xFFFF {
            self.isIPv6 = false
            self.value = value & 0xFFFF_FFFF
        } else {
            self.isIPv6 = isIPv6
            self.value = value
        }
    }

    /// Dotted decimal with four parts, or the text form of RFC 4291 section 2.2, without brackets or
    /// zone.
    package init?(_ text: some StringProtocol) {
        if let value = Self.parseIPv4(text) {
            self.init(isIPv6: false, value: UInt128(value))
        } else if let value = Self.parseIPv6(text) {
            self.init(isIPv6: true, value: value)
        } else {
            return nil
        }
    }

    /// 127.0.0.0/8 or `::1`.
    package var isLoopback: Bool { isIPv6 ? value == 1 : value >> 24 == 127 }

    /// `0.0.0.0` or `::`.
    package var isUnspecified: Bool { value == 0 }

    package var bitWidth: Int { isIPv6 ? 128 : 32 }

    /// 4 or 16 bytes in network order.
    package var bytes: [UInt8] {
        stride(from: bitWidth - 8, through: 0, by: -8).map {
            UInt8(truncatingIfNeeded: value >> UInt128($0))
        }
    }

    /// The canonical text: RFC 5952 for IPv6.
    package var description: String {
        guard isIPv6 else {
            return [24, 16, 8, 0].map { "\((value >> $0) & 0xFF)" }.joined(separator: ".")
        }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: value >> UInt128(112 - 16 * $0)) }
        guard let zeros = Self.longestZeroRun(groups) else { return Self.hex(groups[...]) }
        return Self.hex(groups[..<zeros.lowerBound]) + "::" + Self.hex(groups[zeros.upperBound...])
    }

    private static func hex(_ groups: ArraySlice<UInt16>) -> String {
        groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first longest run of two or more zero groups, which `::` abbreviates.
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var best: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > (best?.count ?? 0) { best = start..<end }
            start = max(end, start + 1)
        }
        return best
    }

    private static func parseIPv4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            // A leading zero means octal to some readers, so it is refused.
            guard (1...3).contains(part.utf8.count),
                part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                part.utf8.count == 1 || part.utf8.first != 0x30, let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func parseIPv6(_ text: some StringProtocol) -> UInt128? {
        let pieces = text.split(separator: "::", omittingEmptySubsequences: false)
        guard (1...2).contains(pieces.count),
            let head = groups(pieces[0], isLast: pieces.count == 1)
        else { return nil }
        guard pieces.count == 2 else { return head.count == 8 ? join(head) : nil }
        guard let tail = groups(pieces[1], isLast: true), head.count + tail.count <= 7 else {
            return nil
        }
        return join(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func groups(_ text: some StringProtocol, isLast: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if isLast, index == parts.count - 1, let value = parseIPv4(part) {
                groups += [UInt16(value >> 16), UInt16(value & 0xFFFF)]
                continue
            }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy(isHexDigit),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static func join(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}
