extension PathPattern {
    /// The pattern as the folded view has it, without the slash at its end.
    var foldedSegments: [Segment] {
        let named = endsWithSlash ? segments.dropLast() : segments[...]
        return named.map { segment in
            switch segment {
            case .literal(let decoded): .literal(decoded: Self.folded(decoded))
            case .suffix(let text): .suffix(text.map(Self.lowercased))
            case .typed, .variable, .wildcard: segment
            }
        }
    }

    /// The folded form of the decoded text of one segment, in lower case; empty when nothing is left.
    static func folded(_ decoded: [UInt8]) -> [UInt8] {
        var text = decoded.prefix { $0 != UInt8(ascii: ";") }
        while let last = text.last, last == UInt8(ascii: ".") || last == UInt8(ascii: " ") {
            text.removeLast()
        }
        return text.map(lowercased)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        PathByte.isUppercase(byte) ? byte | 0x20 : byte
    }

    /// Whether the folded view compares with the same text, and no other pattern can fall together
    /// with this one.
    var isFolded: Bool {
        segments == foldedSegments || segments == [.literal(decoded: [])]
    }
}
