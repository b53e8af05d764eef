@testable import ReverseProxy

/// Chunks with trailers: the fast decoder finds what a simple one finds, and never more.
enum ChunkInvariants {
    static let seeds = [
        "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\nC:d\r\n\r\n",
        "00A\r\n0123456789\r\n0\r\nX-Auth-User: root\r\n\r\n", "5;a=b\r\nhello\r\n0;c\r\n\r\n",
        "fffffffffffffff\r\nabc", "10000000000000005\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n",
    ].map { Array($0.utf8) }

    private struct Reading: Equatable {
        var data: [UInt8] = []
        var trailer: [UInt8] = []
        /// Bytes used up; nil: not complete.
        var end: Int?
        var isFault = false
    }

    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        for skips in [false, true] {
            let whole = read([input], skipsExtensions: skips)
            if input.count <= 2_000 {
                let bytes = read(input.map { [$0] }, skipsExtensions: skips)
                try invariant(bytes.isFault == whole.isFault, "byte by byte faults are the same")
                try invariant(whole.isFault || bytes == whole, "byte by byte all is the same")
            }
            let simple = readSimply(input, skipsExtensions: skips)
            if whole.end != nil {
                try invariant(
                    simple == whole, "what is complete is complete to the simple decoder, too")
                try checkTrailer(whole.trailer)
            }
        }
    }

    /// What is left of a trailer section is one, and holds nothing that it may not.
    private static func checkTrailer(_ section: [UInt8]) throws(BrokenInvariant) {
        var parser = FieldSectionParser(isRequest: true)
        var writer = ByteWriter()
        TrailerWriter.write(
            section, names: WireNames.requestTrailers, parser: &parser, into: &writer)
        let written = writer.bytes
        let again = read([written], skipsExtensions: false)
        try invariant(again.end == written.count && again.data.isEmpty, "the end of a body is one")
        let folded = String(decoding: again.trailer, as: UTF8.self).lowercased()
            .replacing("_", with: "-")
        for name in [
            "x-auth-user", "x-auth-roles", "x-ostiary-", "content-length", "transfer-encoding",
            "host", "authorization", "set-cookie", "cookie", "connection", "upgrade",
        ] {
            try invariant(
                !folded.hasPrefix(name + ":") && !folded.contains("\r\n" + name + ":"),
                "no trailer says what only heads may")
        }
    }

    private static func read(_ pieces: [[UInt8]], skipsExtensions: Bool) -> Reading {
        var decoder = ChunkedDecoder(skipsExtensions: skipsExtensions)
        var reading = Reading()
        var used = 0
        for piece in pieces {
            var start = 0
            piece: while true {
                switch decoder.step(piece.span, from: start) {
                case .data(let range):
                    reading.data += piece[range]
                    start = range.upperBound
                case .trailer(let range):
                    reading.trailer += piece[range]
                    start = range.upperBound
                case .needsMore: break piece
                case .fault:
                    reading.isFault = true
                    return reading
                case .finished(let next):
                    reading.end = used + next
                    return reading
                }
            }
            used += piece.count
        }
        return reading
    }

    /// The grammar of RFC 9112 § 7.1, line by line.
    private static func readSimply(_ input: [UInt8], skipsExtensions: Bool) -> Reading {
        var reading = Reading()
        var index = 0
        func line() -> ArraySlice<UInt8>? {
            guard let end = input[index...].firstIndex(of: 13), end + 1 < input.count,
                input[end + 1] == 10
            else { return nil }
            defer { index = end + 2 }
            return input[index..<end]
        }
        while true {
            guard let sizeLine = line() else { return reading }
            let digits = skipsExtensions ? sizeLine.prefix { $0 != 0x3B } : sizeLine
            guard digits.count == sizeLine.count || sizeLine.contains(0x3D), !digits.isEmpty,
                digits.count <= 15,
                digits.allSatisfy({ ByteRules.hexValue($0) != nil }),
                let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return reading }
            if size == 0 { break }
            guard size <= input.count - index, let end = Optional(index + size) else {
                return reading
            }
            reading.data += input[index..<end]
            index = end
            guard let empty = line(), empty.isEmpty else { return reading }
        }
        while let trailerLine = line() {
            if trailerLine.isEmpty {
                reading.end = index
                return reading
            }
            reading.trailer += trailerLine + [13, 10]
        }
        return reading
    }
}
