import TestSupport
import Testing

@testable import ReverseProxy

@Suite("ChunkedDecoder")
struct ChunkedDecoderTests {
    /// What becomes of a body that arrives in these pieces.
    struct Reading: Equatable {
        var data = ""
        var trailer = ""
        /// Bytes behind the body, nil while it is not complete.
        var rest: String?
        var isFault = false
    }

    private func read(_ pieces: [[UInt8]], skipsExtensions: Bool = false) -> Reading {
        var decoder = ChunkedDecoder(skipsExtensions: skipsExtensions)
        var reading = Reading()
        for (number, piece) in pieces.enumerated() {
            var start = 0
            piece: while true {
                switch decoder.step(piece.span, from: start) {
                case .data(let range):
                    #expect(!range.isEmpty, "an empty piece would end the body when it is sent on")
                    reading.data += latin1(piece[range])
                    start = range.upperBound
                case .trailer(let range):
                    #expect(!range.isEmpty)
                    reading.trailer += latin1(piece[range])
                    start = range.upperBound
                case .needsMore:
                    break piece
                case .fault:
                    reading.isFault = true
                    return reading
                case .finished(let next):
                    reading.rest = latin1(piece[next...] + pieces[(number + 1)...].joined())
                    return reading
                }
            }
        }
        return reading
    }

    private func read(_ text: String, skipsExtensions: Bool = false) -> Reading {
        read([wireBytes(text)], skipsExtensions: skipsExtensions)
    }

    @Test(
        "reads well-formed bodies and stops right behind them",
        arguments: [
            ("0\r\n\r\n", ""), ("5\r\nhello\r\n0\r\n\r\n", "hello"),
            ("00005\r\nhello\r\n000\r\n\r\n", "hello"),
            ("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "hello world"),
            ("A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", "01234567890123456789"),
            ("7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n\r\n"),
            ("000000000000005\r\nhello\r\n0\r\n\r\n", "hello"),
        ])
    func wellFormed(_ body: String, _ data: String) {
        for rest in ["", "GET / HTTP/1.1\r\n\r\n", "0\r\n\r\n"] {
            #expect(read(body + rest) == Reading(data: data, rest: rest))
        }
    }

    @Test("trailer lines are given out as they came, without the line that ends them")
    func trailers() {
        let lines = "X-Auth-User: root\r\nx_y:\r\nDigest: a b\tc\u{e4}\r\n"
        let body = "3\r\nabc\r\n0\r\n\(lines)\r\nGET"
        let reading = Reading(data: "abc", trailer: lines, rest: "GET")
        #expect(read(body) == reading)
        #expect(read(wireBytes(body).map { [$0] }) == reading)
    }

    @Test(
        "refuses every other form",
        arguments: [
            "\r\n", "\n", " 5\r\nhello\r\n", "5 \r\nhello\r\n", "5\t\r\n", "0x5\r\nhello\r\n",
            "+5\r\n", "-5\r\n", "5,5\r\n", "g\r\n", "5g\r\n", "5\nhello\n0\n\n", "5\r\rhello",
            "5\rhello", "5\r\r\nhello", "5;\r\n", "5;ext\r\nhello\r\n", "5;a=b\r\n", "5 ;ext\r\n",
            ";ext\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhelloXX0\r\n\r\n", "5\r\nhello\n0\r\n\r\n",
            "5\r\nhello\rX", "5\r\nhello\r\r\n", "5\r\nhello!\r\n", "5\r\nhello\r\n\r\n",
            "0\r\n\n", "0\r\n\r\r", "0\r\n \r\n", "0\r\n:\r\n\r\n", "0\r\nX-T : 1\r\n\r\n",
            "0\r\nX-T\r\n\r\n", "0\r\nX-T: a\nb: c\r\n\r\n", "0\r\nX-T: a\r\n b\r\n\r\n",
            "0\r\nX-T: a\rb\r\n\r\n", "0\r\nX-T: a\u{0}\r\n\r\n", "0\r\nX T: a\r\n\r\n",
            "0\r\nX-T: a\u{7f}\r\n\r\n", "0\r\n\u{e4}: a\r\n\r\n", "\u{0}\r\n", "5\u{0}\r\n",
            "0000000000000005\r\nhello\r\n", "10000000000000005\r\nhello\r\n",
            "ffffffffffffffff\r\n", "FFFFFFFFFFFFFFFFF\r\n", "0000000000000000\r\n\r\n",
        ])
    func malformed(_ body: String) {
        #expect(read(body).isFault)
        #expect(read(wireBytes(body).map { [$0] }).isFault)
    }

    @Test("the largest size that is read waits for its data")
    func largest() {
        #expect(read("fffffffffffffff\r\nabc") == Reading(data: "abc"))
    }

    @Test(
        "an answer's extensions are skipped, up to a bound",
        arguments: [
            ("5;a=b\r\nhello\r\n0;c=d;e=f\r\n\r\n", false), ("5;a\r\nhello\r\n", true),
            ("5;\r\nhello\r\n0\r\n\r\n", true), ("5;a=\r\nhello\r\n", true),
            ("5;=b\r\nhello\r\n", true), ("5;a=b;\r\nhello\r\n", true),
            ("5;a=b c\r\nhello", true), ("5;a=\"b\"\r\nhello", true), ("5; a=b\r\nhello", true),
            ("5;a=\u{e4}\r\nhello\r\n0\r\n\r\n", true), (";a=b\r\nhello", true),
            ("5;a=b\nhello\r\n", true), ("5;a=b\rhello\r\n", true), ("5;a=\u{0}\r\nhello", true),
            ("5;a=\u{7f}\r\nhello", true), ("5 ;a=b\r\nhello", true), ("5;a=b=c\r\nhello", true),
            ("5;a=" + String(repeating: "e", count: 253) + "\r\nhello\r\n0\r\n\r\n", false),
            ("5;a=" + String(repeating: "e", count: 254) + "\r\nhello\r\n0\r\n\r\n", true),
        ])
    func extensions(_ body: String, _ isFault: Bool) {
        let reading = read(body, skipsExtensions: true)
        #expect(reading == (isFault ? Reading(isFault: true) : Reading(data: "hello", rest: "")))
    }

    @Test("trailers are bounded in all")
    func trailerBound() {
        let line = "X-T: " + String(repeating: "v", count: 193) + "\r\n"
        let fits = String(repeating: line, count: 40)
        #expect(read("0\r\n" + fits + "\r\n").rest == "")
        #expect(read("0\r\n" + fits + line + "\r\n").isFault)
        let lines = String(repeating: "a:\r\n", count: 64)
        #expect(read("0\r\n" + lines + "\r\n").trailer == lines)
        #expect(read("0\r\n" + lines + "a:\r\n\r\n").isFault)
        let endless = String(repeating: "n", count: 9_000)
        #expect(read("0\r\n" + endless).isFault)
    }

    @Test("how a body is cut into pieces changes nothing")
    func splits() {
        var random = SeededGenerator(for: "chunked bodies")
        for _ in 0..<propertyRounds(300) {
            var body: [UInt8] = []
            var data: [UInt8] = []
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let chunk = (0..<Int.random(in: 1...300, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                let size = String(
                    chunk.count, radix: 16, uppercase: Bool.random(using: &random))
                let zeros = String(repeating: "0", count: Int.random(in: 0...3, using: &random))
                body += wireBytes("\(zeros)\(size)\r\n") + chunk + wireBytes("\r\n")
                data += chunk
            }
            let trailer = random.pick(["", "A: b\r\n", "A:\r\nb: c \r\n"])
            body += wireBytes("0\r\n\(trailer)\r\n")
            let rest = random.pick(["", "next"])
            let pieces = random.cut(body + wireBytes(rest), longest: random.pick([1, 7, 500]))
            #expect(read(pieces) == Reading(data: latin1(data), trailer: trailer, rest: rest))
        }
    }

    @Test("a damaged body is refused however it is cut, or read the same")
    func damagedSplits() {
        var random = SeededGenerator(for: "damaged chunked bodies")
        let whole = wireBytes("5\r\nhello\r\n0c\r\nhello, world\r\n0\r\nA: b\r\nC: d\r\n\r\n")
        for _ in 0..<propertyRounds(1_000) {
            var body = whole
            let place = Int.random(in: 0..<body.count, using: &random)
            switch Int.random(in: 0..<3, using: &random) {
            case 0: body[place] = UInt8.random(in: 0...255, using: &random)
            case 1: body.remove(at: place)
            default: body.insert(random.pick(Array("\r\n0;: x\t\u{0}".utf8)), at: place)
            }
            let inOne = read([body])
            let cut = read(random.cut(body, longest: 3))
            #expect(inOne.isFault == cut.isFault && inOne.rest == cut.rest, "\(latin1(body))")
            if !inOne.isFault { #expect(inOne == cut, "\(latin1(body))") }
        }
    }
}
