/// A connection says the same however its bytes are cut, and what it says can be sent again.
enum ConnectionInvariants {
    static let seeds = [
        "GET /a HTTP/1.1\r\nHost: app.test\r\n\r\nGET /b HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: app.test\r\nContent-Length: 5\r\n\r\nhello"
            + "GET /b HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /c HTTP/1.0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5\r\nhello\r\n0\r\nX-T: 1\r\n\r\nGET /b HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
            + "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nX-T: 1\r\n\r\n"
            + "HTTP/1.1 200 OK\r\n\r\nuntil the end",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\nHTTP/1.0 200\r\n\r\nx",
    ].map { Array($0.utf8) }

    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        try check(input) { WireReading.requests($0) }
        try check(input) { WireReading.answers($0) }
        try check(input) { WireReading.answers($0, toHead: true) }
    }

    private static func check(
        _ input: [UInt8], _ read: ([[UInt8]]) -> WireReading
    ) throws(BrokenInvariant) {
        let whole = read([input])
        // A head is read again with every piece, so that single bytes are for small inputs.
        let lengths = input.count <= 600 ? [1, 2, 7] : [97, 1_000]
        for length in lengths {
            let pieces = stride(from: 0, to: input.count, by: length).map {
                Array(input[$0..<min($0 + length, input.count)])
            }
            let cut = read(pieces)
            try invariant(cut.end == whole.end, "cutting changes nothing about the end")
            try invariant(
                cut.complete.elementsEqual(whole.complete), "cutting changes no whole message")
            try invariant(
                whole.end == .fault || cut == whole, "cutting changes nothing of what is received")
        }
        let received = whole.messages.reduce(0) { $0 + $1.body.count + $1.trailer.count }
        try invariant(received <= input.count, "no byte is received twice")
        try invariant(
            whole.messages.dropLast().allSatisfy(\.isComplete),
            "a message begins behind a whole one only")
        for message in whole.messages {
            for line in message.fields + [message.start] {
                try invariant(
                    !line.contains { $0 == 0x0D || $0 == 0x0A || $0 == 0 },
                    "no line holds another")
            }
        }
    }
}
