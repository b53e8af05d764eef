/// Reads `Host` (RFC 9110 § 7.2): a name or an address, and perhaps a port.
///
/// The name is lower-cased and loses one trailing dot, so that `APP.test.` and `app.test` are one
/// host; user information, lists and anything that is no host character are refused.
enum Authority {
    /// Appends the canonical authority to `output`.
    ///
    /// - Returns: how many of the appended bytes are the host, the rest being `:port`; nil when
    ///   `source` is no authority.
    static func canonicalise(_ source: Span<UInt8>, into output: inout [UInt8]) -> Int? {
        let isAddress = !source.isEmpty && source[0] == 0x5B
        guard let hostEnd = isAddress ? endOfAddress(source) : endOfName(source) else { return nil }
        var hostLength = hostEnd
        if !isAddress, source[hostEnd - 1] == 0x2E { hostLength -= 1 }
        guard hostLength > 0, hostEnd == source.count || isPort(source, from: hostEnd + 1) else {
            return nil
        }
        // An empty port means the default one (RFC 3986 § 3.2.3).
        let portStart = hostEnd + 1 == source.count ? source.count : hostEnd
        output.append(addingCapacity: source.count) { span in
            for index in 0..<hostLength { span.append(lowerCased(source[index])) }
            for index in portStart..<source.count { span.append(source[index]) }
        }
        return hostLength
    }

    /// The end of `name`, which a port or nothing follows.
    private static func endOfName(_ source: Span<UInt8>) -> Int? {
        var index = 0
        while index < source.count, source[index] != 0x3A {
            guard isNameByte(lowerCased(source[index])) else { return nil }
            index += 1
        }
        return index > 0 && index <= 254 ? index : nil
    }

    /// The end of `[address]`, which a port or nothing follows.
    private static func endOfAddress(_ source: Span<UInt8>) -> Int? {
        var index = 1
        while index < source.count, source[index] != 0x5D {
            guard isAddressByte(lowerCased(source[index])) else { return nil }
            index += 1
        }
        guard index < source.count, index > 2 else { return nil }
        return index + 1 == source.count || source[index + 1] == 0x3A ? index + 1 : nil
    }

    /// Nothing, or a number from 1 to 65535 without leading zeros.
    private static func isPort(_ source: Span<UInt8>, from start: Int) -> Bool {
        guard source.count > start else { return true }
        guard source.count - start <= 5, source[start] != 0x30 else { return false }
        var port = 0
        for index in start..<source.count {
            guard (0x30...0x39).contains(source[index]) else { return false }
            port = port * 10 + Int(source[index] - 0x30)
        }
        return port <= 65535
    }

    @inline(__always)
    private static func lowerCased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        byte &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D || byte == 0x2E || byte == 0x5F
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        byte &- 0x61 < 6 || byte &- 0x30 < 10 || byte == 0x3A || byte == 0x2E
    }
}
