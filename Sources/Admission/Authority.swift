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
        let start = output.count
        var index = 0
        if !source.isEmpty, source[0] == 0x5B {
            while index < source.count, source[index] != 0x5D {
                let byte = lowerCased(source[index])
                guard index == 0 || isAddressByte(byte) else { return nil }
                output.append(byte)
                index += 1
            }
            guard index < source.count, index > 2 else { return nil }
            output.append(0x5D)
            index += 1
        } else {
            while index < source.count, source[index] != 0x3A {
                let byte = lowerCased(source[index])
                guard isNameByte(byte) else { return nil }
                output.append(byte)
                index += 1
            }
            if output.count > start, output[output.count - 1] == 0x2E { output.removeLast() }
            guard output.count > start, index <= 254 else { return nil }
        }
        let hostLength = output.count - start
        if index == source.count { return hostLength }
        guard source[index] == 0x3A, isPort(source, from: index + 1) else { return nil }
        // An empty port means the default one (RFC 3986 § 3.2.3).
        if index + 1 == source.count { return hostLength }
        while index < source.count {
            output.append(source[index])
            index += 1
        }
        return hostLength
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
