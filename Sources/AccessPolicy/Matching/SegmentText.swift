/// Segments are compared by what they decode to: `%3A` and `:` are one character to the upstream, so a
/// rule about one is a rule about both. No escape in a canonical path decodes to a slash, a percent
/// sign or another delimiter, so decoding is unambiguous; and it happens on the way, without storage.
extension CanonicalPath {
    /// Whether the decoded segment is exactly `text`.
    func segment(_ number: Int, equals text: Span<UInt8>) -> Bool {
        let range = segments[number]
        // An escape only gets shorter when it is decoded.
        guard hasEscapes ? range.count >= text.count : range.count == text.count else {
            return false
        }
        return order(ofSegment: number, to: text) == 0
    }

    /// Compares the decoded segment with `text`, byte by byte: negative, zero or positive.
    func order(ofSegment number: Int, to text: Span<UInt8>) -> Int {
        let range = segments[number]
        let bytes = self.bytes.span
        var index = range.lowerBound
        var position = 0
        while index < range.upperBound {
            var byte = bytes[index]
            if byte == UInt8(ascii: "%") {
                byte = Self.decodedByte(bytes, at: index)
                index += 2
            }
            guard position < text.count else { return 1 }
            let other = text[position]
            guard byte == other else { return byte < other ? -1 : 1 }
            index += 1
            position += 1
        }
        return position == text.count ? 0 : -1
    }

    /// Whether two segments decode to the same text.
    func segment(_ number: Int, equalsSegment other: Int) -> Bool {
        var (left, right) = (segments[number], segments[other])
        while !left.isEmpty, !right.isEmpty {
            guard popDecodedByte(&left) == popDecodedByte(&right) else { return false }
        }
        return left.isEmpty && right.isEmpty
    }

    private func popDecodedByte(_ range: inout Range<Int>) -> UInt8 {
        let start = range.lowerBound
        guard bytes[start] == UInt8(ascii: "%") else {
            range = (start + 1)..<range.upperBound
            return bytes[start]
        }
        range = (start + 3)..<range.upperBound
        return Self.decodedByte(bytes.span, at: start)
    }

    /// The decoded segment, for the compiler of patterns; requests never need it as a value.
    func decodedSegment(_ number: Int) -> [UInt8] {
        var range = segments[number]
        var decoded: [UInt8] = []
        while !range.isEmpty { decoded.append(popDecodedByte(&range)) }
        return decoded
    }

    @inline(__always)
    private static func decodedByte(_ bytes: Span<UInt8>, at percent: Int) -> UInt8 {
        // Both digits are there and valid: the initializer wrote them.
        let high = PathByte.hexValue(bytes[percent + 1]) ?? 0
        let low = PathByte.hexValue(bytes[percent + 2]) ?? 0
        return high << 4 | low
    }
}
