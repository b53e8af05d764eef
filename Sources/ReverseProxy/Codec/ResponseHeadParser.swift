/// The status line of an answer and what its fields say, as ranges over the head's bytes.
struct ResponseHead {
    /// Bytes of the head, with the empty line.
    let length: Int
    let status: Int
    /// Behind the version: a space, the status, and most often a space and a reason.
    let statusAndReason: ByteRange
    let minorVersion: UInt8
    let facts: FieldFacts

    /// How the body of an answer ends (RFC 9112 § 6.3); `HEAD`, 1xx, 204 and 304 have none.
    func framing(answeringHead: Bool) -> BodyFraming {
        if answeringHead || status < 200 || status == 204 || status == 304 { return .none }
        if facts.isChunked { return .chunked }
        guard let length = facts.contentLength else { return .untilClose }
        return length == 0 ? .none : .length(length)
    }

    /// Whether a body may follow although there must be none: not every app knows that answers to
    /// `HEAD`, 204 and 304 end with their head. The next answer on the connection, perhaps to another
    /// client, would begin with those bytes.
    func mayBringStrayBody(answeringHead: Bool) -> Bool {
        if answeringHead { return facts.contentLength != 0 }
        return (status == 204 || status == 304)
            && (facts.isChunked || (facts.contentLength ?? 0) > 0)
    }

    /// Whether the upstream lets us use the connection again.
    var keepsAlive: Bool {
        if facts.wantsClose { return false }
        return minorVersion == 1 || facts.wantsKeepAlive
    }
}

/// Parses answers' heads (RFC 9112 § 4); as strict as for requests, because an answer that two
/// parties read differently splits as well as a request does.
struct ResponseHeadParser: ~Copyable {
    enum Outcome {
        case head(ResponseHead)
        case needsMore
        case fault(FramingFault)
    }

    private(set) var fields = FieldSectionParser(isRequest: false)

    mutating func parse(
        _ bytes: Span<UInt8>, names: FieldNameTable, limits: HeadLimits
    ) -> Outcome {
        let count = bytes.count
        guard count > 12 else { return .needsMore }
        guard bytes.isHTTPVersion(at: 0) else { return .fault(.version) }
        let minor = bytes[7] &- 0x30
        guard minor <= 1 else { return .fault(.version) }
        var status = 0
        for index in 9..<12 {
            guard ByteRules.isDigit(bytes[index]) else { return .fault(.statusLine) }
            status = status &* 10 &+ Int(bytes[index] &- 0x30)
        }
        guard bytes[8] == 0x20, (100...599).contains(status) else { return .fault(.statusLine) }
        let reasonStart = bytes[12] == 0x20 ? 13 : 12
        let reasonEnd = bytes.firstControl(from: reasonStart)
        guard reasonEnd &+ 1 < count else { return unfinished(count, limits) }
        guard bytes[reasonEnd] == carriageReturn, bytes[reasonEnd &+ 1] == lineFeed,
            reasonStart == 13 || reasonEnd == 12
        else { return .fault(.statusLine) }

        let start = reasonEnd &+ 2
        switch fields.parse(bytes, from: start, names: names, limits: limits) {
        case .needsMore:
            return unfinished(count, limits)
        case .fault(let fault):
            return .fault(fault)
        case .complete(let end):
            guard end <= limits.head else { return .fault(.headTooLarge) }
            if minor == 0 {
                // HTTP/1.0 knows neither: who sends them means something else by them, or by the version.
                if fields.facts.hasTransferEncoding { return .fault(.transferEncoding) }
                if status < 200 { return .fault(.statusLine) }
            }
            return .head(
                ResponseHead(
                    length: end, status: status, statusAndReason: ByteRange(8, reasonEnd),
                    minorVersion: minor, facts: fields.facts))
        }
    }

    private func unfinished(_ count: Int, _ limits: HeadLimits) -> Outcome {
        count >= limits.head ? .fault(.headTooLarge) : .needsMore
    }
}

extension Span<UInt8> {
    /// `HTTP/1.` in exactly these letters; the caller has checked that 7 bytes are there.
    @inline(__always)
    func isHTTPVersion(at index: Int) -> Bool {
        self[index] == 0x48 && self[index &+ 1] == 0x54 && self[index &+ 2] == 0x54
            && self[index &+ 3] == 0x50 && self[index &+ 4] == 0x2F && self[index &+ 5] == 0x31
            && self[index &+ 6] == 0x2E
    }
}
