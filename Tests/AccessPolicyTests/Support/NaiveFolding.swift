/// The folded view as its definition says it: slowly, and again until nothing changes.
enum NaiveFolding {
    /// The folded segments of a canonical path; nil where it is refused.
    static func segments(_ path: [UInt8]) -> [[UInt8]]? {
        var text = path
        var rounds = 0
        while true {
            let decoded = decode(text)
            if decoded == text { break }
            rounds += 1
            if rounds > 4 { return nil }
            text = decoded
        }
        if text.contains(where: { $0 < 0x20 || $0 == 0x7F }) { return nil }
        if String(validating: text, as: UTF8.self) == nil { return nil }
        var segments = once(text)
        while true {
            let next = once(joined(segments))
            if next == segments { break }
            segments = next
        }
        return segments.count <= 256 ? segments : nil
    }

    static func joined(_ segments: [[UInt8]]) -> [UInt8] {
        segments.isEmpty ? [UInt8(ascii: "/")] : segments.flatMap { [UInt8(ascii: "/")] + $0 }
    }

    private static func once(_ decoded: [UInt8]) -> [[UInt8]] {
        let slashes = decoded.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
        let named = slashes.split(separator: UInt8(ascii: "/"))
            .map { $0.prefix { $0 != UInt8(ascii: ";") } }
            .map { trimmed(Array($0), " ") }
            .filter { !$0.isEmpty }
        var resolved: [[UInt8]] = []
        for segment in named where segment != Array(".".utf8) {
            if segment == Array("..".utf8) {
                _ = resolved.popLast()
            } else {
                resolved.append(segment)
            }
        }
        return resolved.map { trimmed($0, ". ") }.filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: [UInt8], _ bytes: String) -> [UInt8] {
        var text = text
        while let last = text.last, bytes.utf8.contains(last) { text.removeLast() }
        return text
    }

    /// One round of percent-decoding, of what is well formed.
    static func decode(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                result.append(value)
                rest = rest.dropFirst(2)
            } else {
                result.append(byte)
            }
        }
        return result
    }

    static func lowercased(_ text: [UInt8]) -> [UInt8] {
        text.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
    }
}
