/// The first line of a request and what its fields say, as ranges over the head's bytes.
struct RequestHead {
    /// Bytes of the head, with the empty line.
    let length: Int
    let method: ByteRange
    let target: ByteRange
    /// 0 for HTTP/1.0, 1 for HTTP/1.1.
    let minorVersion: UInt8
    let facts: FieldFacts

    var framing: BodyFraming {
        if facts.isChunked { return .chunked }
        guard let length = facts.contentLength, length > 0 else { return .none }
        return .length(length)
    }

    /// Whether the client lets us keep the connection (RFC 9112 § 9.3).
    var keepsAlive: Bool {
        if facts.wantsClose { return false }
        return minorVersion == 1 || facts.wantsKeepAlive
    }
}

/// Parses request heads (RFC 9112 § 3) without copying or allocating.
struct RequestHeadParser: ~Copyable {
    enum Outcome {
        case head(RequestHead)
        case needsMore
        case fault(FramingFault)
    }

    private(set) var fields = FieldSectionParser(isRequest: true)

    /// Reads a head; `bytes` is all that has arrived and not been consumed, from its first byte.
    mutating func parse(
        _ bytes: Span<UInt8>, names: FieldNameTable, limits: HeadLimits
    ) -> Outcome {
        var index = 0
        let count = bytes.count
        while index < count, ByteRules.isToken(bytes[index]) { index &+= 1 }
        let method = ByteRange(0, index)
        guard index <= Self.longestMethod else { return .fault(.requestLine) }
        guard index < count else { return .needsMore }
        guard bytes[index] == 0x20, !method.isEmpty else { return .fault(.requestLine) }
        index &+= 1

        let targetStart = index
        // What a target may hold is the canonical path's business; here it only has to end.
        while index < count, bytes[index] > 0x20, bytes[index] != 0x7F { index &+= 1 }
        let target = ByteRange(targetStart, index)
        guard target.count <= limits.target else { return .fault(.targetTooLong) }
        guard index < count else { return unfinished(count, limits) }
        guard bytes[index] == 0x20, !target.isEmpty else { return .fault(.requestLine) }
        index &+= 1

        guard index &+ 10 <= count else {
            // A line that has ended this early is no request line (HTTP/0.9 among others).
            for position in index..<count where bytes[position] < 0x20 {
                if bytes[position] != carriageReturn { return .fault(.requestLine) }
            }
            return unfinished(count, limits)
        }
        guard bytes.isHTTPVersion(at: index) else {
            return .fault(.version)
        }
        let minor = bytes[index &+ 7] &- 0x30
        guard minor <= 1 else { return .fault(.version) }
        guard bytes[index &+ 8] == carriageReturn, bytes[index &+ 9] == lineFeed else {
            return .fault(.requestLine)
        }
        return finish(
            fields.parse(bytes, from: index &+ 10, names: names, limits: limits),
            method, target, minor, count, limits)
    }

    private func finish(
        _ outcome: FieldSectionParser.Outcome, _ method: ByteRange, _ target: ByteRange,
        _ minor: UInt8, _ count: Int, _ limits: HeadLimits
    ) -> Outcome {
        switch outcome {
        case .needsMore:
            return unfinished(count, limits)
        case .fault(let fault):
            return .fault(fault)
        case .complete(let end):
            guard end <= limits.head else { return .fault(.headTooLarge) }
            let facts = fields.facts
            // HTTP/1.0 knows no transfer codings: a hop that ignores the field sees another body.
            if minor == 0, facts.hasTransferEncoding { return .fault(.transferEncoding) }
            guard facts.hostCount == 1 || (minor == 0 && facts.hostCount == 0) else {
                return .fault(.hostField)
            }
            return .head(
                RequestHead(
                    length: end, method: method, target: target, minorVersion: minor, facts: facts))
        }
    }

    private func unfinished(_ count: Int, _ limits: HeadLimits) -> Outcome {
        count >= limits.head ? .fault(.headTooLarge) : .needsMore
    }

    /// No method that is registered is half as long.
    private static let longestMethod = 32
}
