@testable import ReverseProxy

/// A head is read the same as soon as it is complete, and what is accepted a slow and simple reading
/// accepts as well.
enum HeadInvariants {
    static let requestSeeds = [
        "GET / HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "POST /a/b?c=d HTTP/1.1\r\nHost: app.test:443\r\nContent-Length: 12\r\nA:b\r\nC:\t d \r\n\r\n",
        "PUT /x HTTP/1.1\r\nhost: a\r\nTransfer-Encoding: Chunked\r\nConnection: close, te\r\n\r\n",
        "GET /a HTTP/1.0\r\n\r\n",
        "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nX_Auth_User: root\r\nCookie: \u{e4}\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nA: b\r\n c\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
    ].map { Array($0.utf8) }

    static let answerSeeds = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=b\r\n\r\n",
        "HTTP/1.0 404 Not Found\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\n\r\n",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 304 \r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
    ].map { Array($0.utf8) }

    static func checkRequest(_ input: [UInt8]) throws(BrokenInvariant) {
        var parser = RequestHeadParser()
        try checkPrefixes(input) { bytes in
            switch parser.parse(bytes, names: WireNames.requests, limits: WireNames.limits) {
            case .needsMore: .needsMore
            case .fault: .fault
            case .head(let head): .head(head.length, head.framing)
            }
        }
    }

    static func checkAnswer(_ input: [UInt8]) throws(BrokenInvariant) {
        var parser = ResponseHeadParser()
        try checkPrefixes(input) { bytes in
            switch parser.parse(bytes, names: WireNames.answers, limits: WireNames.limits) {
            case .needsMore: .needsMore
            case .fault: .fault
            case .head(let head): .head(head.length, head.framing(answeringHead: false))
            }
        }
    }

    private enum Outcome: Equatable {
        case needsMore
        case fault
        case head(Int, BodyFraming)
    }

    private static func checkPrefixes(
        _ input: [UInt8], _ parse: (Span<UInt8>) -> Outcome
    ) throws(BrokenInvariant) {
        let whole = parse(input.span)
        let step = max(1, input.count / 64)
        for length in stride(from: 0, to: input.count, by: step) {
            let part = parse(input.span.extracting(0..<length))
            switch whole {
            case .needsMore:
                try invariant(part == .needsMore, "less of an unfinished head is unfinished")
            case .fault:
                try invariant(part == .needsMore || part == .fault, "no less of a fault is a head")
            case .head(let end, _):
                try invariant(
                    part == (length < end ? .needsMore : whole), "a head is read when it ends")
            }
        }
        guard case .head(let end, let framing) = whole else { return }
        try checkSimply(Array(input[..<end]), framing)
    }

    /// The definition of a good head, slowly.
    private static func checkSimply(
        _ head: [UInt8], _ framing: BodyFraming
    ) throws(BrokenInvariant) {
        try invariant(head.suffix(4) == [13, 10, 13, 10], "a head ends with an empty line")
        let text = head.dropLast(4)
        var lines: [[UInt8]] = [[]]
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == 13 {
                try invariant(
                    index + 1 < text.endIndex && text[index + 1] == 10, "no bare carriage return")
                lines.append([])
                index += 2
                continue
            }
            try invariant(text[index] == 9 || text[index] >= 32 && text[index] != 127, "no control")
            lines[lines.count - 1].append(text[index])
            index += 1
        }
        var lengths: [[UInt8]] = []
        var codings: [[UInt8]] = []
        for line in lines.dropFirst() {
            let name = line.prefix { $0 != 0x3A }
            try invariant(!name.isEmpty && name.count < line.count, "every line has a name")
            try invariant(name.allSatisfy { isTokenByte($0) }, "every name is a token")
            var value = line.dropFirst(name.count + 1)
            value = value.drop { $0 == 32 || $0 == 9 }
            while value.last == 32 || value.last == 9 { value.removeLast() }
            let lowered = name.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
            if lowered == Array("content-length".utf8) { lengths.append(Array(value)) }
            if lowered == Array("transfer-encoding".utf8) { codings.append(Array(value)) }
        }
        try invariant(lengths.count + codings.count <= 1, "one framing")
        if let length = lengths.first {
            try invariant(
                !length.isEmpty && length.allSatisfy { (0x30...0x39).contains($0) },
                "a length is digits")
            let number = Int64(String(decoding: length, as: UTF8.self))
            try invariant(number != nil, "a length fits")
            if case .length(let read) = framing {
                try invariant(read == number, "a length is its digits")
            }
        }
        if let coding = codings.first {
            try invariant(
                String(decoding: coding, as: UTF8.self).lowercased() == "chunked", "one coding")
        }
        if case .chunked = framing { try invariant(codings.count == 1, "chunks are announced") }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
