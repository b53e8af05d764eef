import TestSupport

/// All that one side of a connection sends: messages that are well-formed more often than not.
struct RandomConnection {
    private(set) var random: SeededGenerator

    /// Request targets: usual ones, and odd ones.
    var targets = (
        usual: ["/", "/a", "/a/b?c=d", "/a%20b;c", "/a?b?c"],
        odd: [
            "*", "http://app.test/a", "app.test:443", "/\u{e9}", "/a#b", "/a\\b", "//a", "",
        ]
    )
    /// Field lines: usual ones, and odd ones.
    var fields = (usual: Self.usualFields, odd: Self.oddFields)
    /// Lines that most requests have: usual ones, and odd ones.
    var hosts = (usual: ["Host: app.test", "host:app.test:80"], odd: ["Host: a, b", ""])
    /// How many messages a side sends at most.
    var mostMessages = 3

    init(_ random: SeededGenerator) { self.random = random }

    /// One of some, by the same generator.
    mutating func pick<Element>(_ elements: [Element]) -> Element { random.pick(elements) }

    /// In one piece, or in many.
    mutating func cut(_ bytes: [UInt8]) -> [[UInt8]] {
        random.pick([[bytes], [bytes], random.cut(bytes, longest: 400)])
    }

    mutating func requests() -> [UInt8] {
        damaged((0..<messageCount).map { _ in request() }.joined())
    }

    mutating func answers() -> [UInt8] {
        damaged((0..<messageCount).map { _ in answer() }.joined())
    }

    private var messageCount: Int {
        mutating get { Int.random(in: 1...mostMessages, using: &random) }
    }

    private mutating func request() -> [UInt8] {
        let method = usually(
            ["GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"],
            ["TRACE", "CONNECT", "get", "G", "PRI", "QUERY", "M-SEARCH"])
        let target = usually(targets.usual, targets.odd)
        let version = usually(
            ["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"],
            ["HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/11", "HTTP/1.10", "HTTP/0.9"])
        var lines = [usually(hosts.usual, hosts.odd)]
        return message("\(method) \(target) \(version)", &lines)
    }

    private mutating func answer() -> [UInt8] {
        let version = usually(["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"], ["HTTP/2.0"])
        let status = usually(
            [
                "200 OK", "200 OK", "200", "200 ", "204 No Content", "304 Not Modified",
                "103 Early Hints", "100 Continue", "404 Not \u{e9} Found", "599 x", "205 Reset",
            ],
            [
                "600 y", "99 z", "2000 a", "20 b", "+20 c", "101 Switching Protocols", "200OK",
                "200\tOK",
            ])
        var lines: [String] = []
        return message("\(version) \(status)", &lines)
    }

    private mutating func message(_ start: String, _ lines: inout [String]) -> [UInt8] {
        for _ in 0..<random.pick([0, 0, 1, 2, 4]) {
            lines.append(usually(fields.usual, fields.odd))
        }
        var body = ""
        switch random.pick([0, 0, 1, 1, 1, 2, 2, 2, 3]) {
        case 1:
            body = random.pick(["", "hello", "0\r\n\r\n", "GET / HTTP/1.1\r\n\r\n"])
            lines.append("Content-Length: \(body.utf8.count)")
        case 2:
            lines.append("Transfer-Encoding: chunked")
            for _ in 0..<random.pick([0, 1, 2]) {
                let data = random.pick(["hello", "0123456789abcdef0", "\r\n0\r\n\r\n"])
                let size = String(
                    data.utf8.count, radix: 16, uppercase: random.pick([true, false]))
                body += random.pick(["", "", "0", "000"]) + size
                let behind = usually([""], [";a=b", ";a=b;c=d", ";a", ";", " ", "\t;a"])
                body += "\(behind)\r\n\(data)\r\n"
            }
            body += random.pick(["0", "0", "00"]) + "\r\n"
            for _ in 0..<random.pick([0, 0, 1, 2]) {
                body += usually(["X-T: 1", "Digest: a b", "a:"], ["Content-Length: 3"]) + "\r\n"
            }
            body += "\r\n"
        case 3:
            lines.append(random.pick(Self.framings))
            body = random.pick(["", "hello", "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n"])
        default: break
        }
        let shuffled = lines.filter { !$0.isEmpty }.shuffled(using: &random)
        return wireBytes(([start] + shuffled).map { $0 + "\r\n" }.joined() + "\r\n" + body)
    }

    private mutating func usually(_ good: [String], _ odd: [String]) -> String {
        random.pick(Int.random(in: 0..<12, using: &random) == 0 ? odd : good)
    }

    /// Changes nothing, a byte, some bytes, or a line.
    private mutating func damaged(_ messages: some Sequence<UInt8>) -> [UInt8] {
        var bytes = Array(messages)
        for _ in 0..<random.pick([0, 0, 0, 1, 1, 1, 2, 3]) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch random.pick([0, 1, 2, 3, 4, 5, 6]) {
            case 0: bytes[place] = random.pick(Self.special)
            case 1: bytes.insert(random.pick(Self.special), at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 4:
                // A bare line feed.
                if let end = bytes[place...].firstIndex(of: 0x0D) { bytes.remove(at: end) }
            case 5:
                let line = wireBytes(random.pick(fields.odd + Self.framings) + "\r\n")
                if let end = bytes[place...].firstIndex(of: 0x0A) {
                    bytes.insert(contentsOf: line, at: end + 1)
                }
            default:
                let end = min(bytes.count, place + random.pick([2, 9, 40]))
                bytes.removeSubrange(place..<end)
            }
        }
        return bytes
    }

    private static let special = Array(
        "\r\n\t :;,=0159afAFxX+-\u{0}\u{b}\u{c}\u{7f}\u{80}\u{a0}/\"()".unicodeScalars
    ).map { UInt8(truncatingIfNeeded: $0.value) }

    private static let usualFields = [
        "Accept: */*", "A:b", "B:", "B: ", "C:\t d ", "Cookie: a=\u{e4}; b", "X_Y: z", "!#$: 1",
        "Connection: keep-alive", "Connection: te", "Expect: 100-continue", "TE: trailers",
        "Trailer: X-T", "X-Long: " + String(repeating: "v", count: 300),
    ]

    private static let oddFields = [
        "Connection: close", "Connection: Keep-Alive, close", "Connection: upgrade",
        "Upgrade: websocket", "Upgrade: h2c", "Proxy-Connection: close", "Expect: 200-maybe",
        "Connection: host", "Authorization: Bearer x.y.z",
    ]

    private static let framings = [
        "Content-Length: 5", "Content-Length: 0", "Content-Length: 05", "Content-Length: +5",
        "Content-Length: 5,5", "Content-Length: 5 5", "Content-Length:", "Content-Length: 0x5",
        "Content-Length: -1", "Content-Length: 99999999999999999999", "Content-Length : 5",
        "Content-Length: 5\u{b}", "Transfer-Encoding: chunked", "Transfer-Encoding: Chunked",
        "transfer-encoding:chunked", "Transfer-Encoding: identity", "Transfer-Encoding: gzip",
        "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: xchunked",
        "Transfer-Encoding:", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked;a=b",
        "Transfer-Encoding : chunked", "Transfer-Encoding: \u{b}chunked", "Content-Length: 5\r\n 6",
    ]
}
