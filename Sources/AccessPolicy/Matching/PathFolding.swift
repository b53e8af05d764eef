/// The storage of a folded path, and how it comes about.
///
/// Servers, frameworks and file systems each forgive something: another round of decoding, a
/// backslash, a parameter, a dot at the end. The folded path has all of that forgiven at once.
struct PathFolding: Sendable, Equatable {
    private(set) var bytes: [UInt8] = []
    private(set) var segments: [Range<Int>] = []
    /// How many segments, empty ones included, there were once everything was decoded.
    private(set) var sourceCount = 0

    /// Paths that are still escaped after so many rounds of decoding are refused.
    static let maximumRounds = 4

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        segments.removeAll(keepingCapacity: true)
        sourceCount = 0
    }

    /// Folds a canonical path. Where it does not hold `%25`, one round of decoding is enough.
    mutating func fold(_ path: [UInt8], holdsPercent: Bool) throws(TargetRejection) {
        removeAll()
        bytes.append(contentsOf: path)
        decodeOnce()
        if holdsPercent {
            var rounds = 1
            while decodeOnce() {
                rounds += 1
                guard rounds <= Self.maximumRounds else { throw .tooManyEscapes }
            }
            try checkText()
        }
        try cut()
    }

    /// Decodes what is a well-formed escape, and returns whether there was one.
    @discardableResult
    private mutating func decodeOnce() -> Bool {
        guard var read = bytes.firstIndex(of: UInt8(ascii: "%")) else { return false }
        var write = read
        while read < bytes.count {
            if bytes[read] == UInt8(ascii: "%"), bytes.count - read > 2,
                let high = PathByte.hexValue(bytes[read + 1]),
                let low = PathByte.hexValue(bytes[read + 2])
            {
                bytes[write] = high << 4 | low
                read += 3
            } else {
                bytes[write] = bytes[read]
                read += 1
            }
            write += 1
        }
        defer { bytes.removeLast(bytes.count - write) }
        return write < bytes.count
    }

    /// What a canonical path cannot hold must not be hidden in it either.
    private func checkText() throws(TargetRejection) {
        for byte in bytes where PathByte.isControl(byte) { throw .encodedControl }
        guard (try? UTF8Span(validating: bytes.span)) != nil else { throw .invalidUTF8 }
    }

    /// Cuts the decoded path into folded segments, in place.
    private mutating func cut() throws(TargetRejection) {
        var (read, write) = (1, 0)
        while read <= bytes.count {
            let start = read
            while read < bytes.count, !Self.isSeparator(bytes[read]) { read += 1 }
            sourceCount += 1
            var end = bytes[start..<read].firstIndex(of: UInt8(ascii: ";")) ?? read
            // A space must not hide a dot segment.
            while end > start, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
            switch bytes[start..<end] {
            case let name where name.isEmpty || name.elementsEqual(".".utf8): break
            case let name where name.elementsEqual("..".utf8):
                // Above the root is the root.
                if let parent = segments.popLast() { write = parent.lowerBound - 1 }
            default:
                guard segments.count < CanonicalPath.maximumSegments else {
                    throw .tooManySegments
                }
                segments.append(place(start..<end, at: &write))
            }
            read += 1
        }
        bytes.removeLast(bytes.count - write)
        dropDots()
        if bytes.isEmpty { bytes.append(UInt8(ascii: "/")) }
    }

    /// Drops dots and spaces at the end of segments, and segments that are nothing else.
    private mutating func dropDots() {
        guard segments.contains(where: { Self.isDropped(bytes[$0.upperBound - 1]) }) else { return }
        var (write, kept) = (0, 0)
        for segment in segments {
            var end = segment.upperBound
            while end > segment.lowerBound, Self.isDropped(bytes[end - 1]) { end -= 1 }
            guard end > segment.lowerBound else { continue }
            segments[kept] = place(segment.lowerBound..<end, at: &write)
            kept += 1
        }
        segments.removeLast(segments.count - kept)
        bytes.removeLast(bytes.count - write)
    }

    /// Moves a segment behind its slash. A path starts with one and only gets shorter, so what is
    /// still to be read is never overwritten.
    private mutating func place(_ source: Range<Int>, at write: inout Int) -> Range<Int> {
        bytes[write] = UInt8(ascii: "/")
        write += 1
        let first = write
        for index in source {
            bytes[write] = bytes[index]
            write += 1
        }
        return first..<write
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: "\\")
    }

    private static func isDropped(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: " ")
    }
}
