import TestSupport
import Testing

@testable import ReverseProxy

@Suite("BodyReader")
struct BodyReaderTests {
    /// Data, then what is left; nil while the body is not complete.
    private func read(
        _ framing: BodyFraming, _ pieces: [[UInt8]], isAnswer: Bool = false
    ) -> (data: [UInt8], rest: [UInt8]?, isFault: Bool) {
        var reader = BodyReader(framing, isAnswer: isAnswer)
        var data: [UInt8] = []
        for (number, piece) in (pieces.isEmpty ? [[]] : pieces).enumerated() {
            var start = 0
            piece: while true {
                switch reader.step(piece.span, from: start) {
                case .trailer(let range):
                    start = range.upperBound
                case .data(let range):
                    #expect(!range.isEmpty)
                    data += piece[range]
                    start = range.upperBound
                case .needsMore:
                    break piece
                case .fault:
                    return (data, nil, true)
                case .finished(let next):
                    // The end stays the end.
                    #expect(reader.step(piece.span, from: next) == .finished(next: next))
                    return (
                        data, piece[next...] + Array(pieces.dropFirst(number + 1).joined()), false
                    )
                }
            }
        }
        #expect(reader.step([UInt8]().span, from: 0) == .needsMore)
        return (data, nil, false)
    }

    @Test("no body ends where it begins")
    func none() {
        for framing in [BodyFraming.none, .length(0)] {
            let outcome = read(framing, [wireBytes("GET")])
            #expect(outcome.data.isEmpty)
            #expect(outcome.rest == wireBytes("GET"))
            var reader = BodyReader(framing)
            #expect(reader.step([UInt8]().span, from: 0) == .finished(next: 0))
        }
    }

    @Test("a body with a length ends behind exactly that many bytes")
    func length() {
        var random = SeededGenerator(for: "bodies with a length")
        for _ in 0..<propertyRounds(300) {
            let bytes = (0..<Int.random(in: 1...500, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let length = Int.random(in: 1...(bytes.count + 20), using: &random)
            let pieces = random.cut(bytes, longest: random.pick([1, 10, 1_000]))
            let outcome = read(.length(Int64(length)), pieces)
            #expect(outcome.data == Array(bytes.prefix(length)))
            #expect(!outcome.isFault)
            if length < bytes.count {
                #expect(outcome.rest == Array(bytes.dropFirst(length)))
            } else if length > bytes.count {
                #expect(outcome.rest == nil)
            }
        }
    }

    @Test("a huge length is only a number")
    func hugeLength() {
        let outcome = read(.length(.max), [[1, 2, 3], [4]])
        #expect(outcome.data == [1, 2, 3, 4])
        #expect(outcome.rest == nil)
    }

    @Test("a body until the close goes on for ever")
    func untilClose() {
        let outcome = read(.untilClose, [[1, 2], [], [3]])
        #expect(outcome.data == [1, 2, 3])
        #expect(outcome.rest == nil)
        #expect(BodyReader(.untilClose).endsWithConnection)
        #expect(!BodyReader(.chunked).endsWithConnection)
        #expect(!BodyReader(.length(1)).endsWithConnection)
    }

    @Test("a chunked body is decoded, with extensions in answers only")
    func chunked() {
        let plain = read(.chunked, [wireBytes("2\r\nhi\r\n0\r\n\r\nGET")])
        #expect(plain.data == wireBytes("hi"))
        #expect(plain.rest == wireBytes("GET"))
        let extended = wireBytes("2;a=b\r\nhi\r\n0\r\n\r\n")
        #expect(read(.chunked, [extended]).isFault)
        #expect(read(.chunked, [extended], isAnswer: true).data == wireBytes("hi"))
    }
}
