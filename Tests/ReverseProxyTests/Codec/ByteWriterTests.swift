import TestSupport
import Testing

@testable import ReverseProxy

@Suite("ByteWriter")
struct ByteWriterTests {
    @Test(
        "writes whole numbers in decimal digits",
        arguments: [0, 1, 9, 10, 15, 16, 99, 100, 255, 256, 4096, 65_535, 1 << 32, .max / 16, .max])
    func numbers(_ number: Int64) {
        var writer = ByteWriter()
        writer.append(number: number)
        #expect(latin1(writer.bytes) == String(number))
        writer.clear()
    }

    @Test("grows as far as it must, and is empty again when cleared")
    func growth() {
        var random = SeededGenerator(for: "pieces of a head")
        var writer = ByteWriter()
        for _ in 0..<propertyRounds(40) {
            writer.clear()
            var expected: [UInt8] = []
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let piece = [UInt8](
                    repeating: UInt8.random(in: 0...255, using: &random),
                    count: Int.random(in: 0...5_000, using: &random))
                switch Int.random(in: 0..<3, using: &random) {
                case 0:
                    writer.append(piece)
                    expected += piece
                case 1:
                    writer.append(piece.span)
                    expected += piece
                default:
                    writer.append("text")
                    writer.append(UInt8(ascii: "!"))
                    expected += wireBytes("text!")
                }
            }
            #expect(writer.bytes == expected)
        }
    }

    @Test("writes kept lines in normal form, and nothing of the others")
    func lines() throws {
        let source = wireBytes(
            request("A: 1", "B:2", "C:  3", "D: 4 \t", "E: 5", "F:", "G: ", "H:\t7", "I: \u{e4} 8"))
        let fields = try parse(source)
        func written(_ keeps: (FieldLine) -> Bool) -> String {
            var writer = ByteWriter()
            writer.append(lines: fields, of: source.span, where: keeps)
            return latin1(writer.bytes)
        }
        #expect(
            written { _ in true }
                == "Host: app.test\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\nF: \r\nG: \r\nH: 7\r\n"
                + "I: \u{e4} 8\r\n")
        #expect(written { _ in false } == "")
        #expect(written { text($0.name, source) == "E" } == "E: 5\r\n")
        #expect(written { text($0.name, source) == "I" } == "I: \u{e4} 8\r\n")
    }

    @Test("what is kept of a head does not depend on what stands between")
    func runs() throws {
        var random = SeededGenerator(for: "runs of lines")
        for _ in 0..<propertyRounds(300) {
            let lines = (0..<Int.random(in: 0...12, using: &random)).map { number in
                "N\(number)" + random.pick([": ", ":", ":  ", ":\t", ": \t"])
                    + random.pick(["", "v", "a b", "long value"])
                    + random.pick(["", "", " ", "\t "])
            }
            let text = "POST /a HTTP/1.1\r\nHost: app.test\r\n" + lines.map { $0 + "\r\n" }.joined()
            let source = wireBytes(text + "\r\n")
            let fields = try parse(source)
            let kept = Set((0..<12).filter { _ in Bool.random(using: &random) }.map { "N\($0)" })
            var writer = ByteWriter()
            writer.append(lines: fields, of: source.span) {
                kept.contains(ReverseProxyTests.text($0.name, source))
            }
            let expected = lines.enumerated().filter { kept.contains("N\($0.offset)") }.map {
                line in
                let parts = line.element.split(separator: ":", maxSplits: 1)
                let value = (parts.count > 1 ? parts[1] : "").filter { $0 != "\t" }
                let trimmed = value.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
                return "\(parts[0]): \(String(trimmed))\r\n"
            }
            #expect(latin1(writer.bytes) == expected.joined())
        }
    }

    private func parse(_ source: [UInt8]) throws -> [FieldLine] {
        var parser = RequestHeadParser()
        guard case .head = parser.parse(source.span, names: requestNames, limits: usualLimits)
        else { throw NoHead() }
        return parser.fields.lines
    }

    private struct NoHead: Error {}
}
