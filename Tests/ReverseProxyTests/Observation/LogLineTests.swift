import Foundation
import TestSupport
import Testing

@testable import ReverseProxy

@Suite("LogLine")
struct LogLineTests {
    private func line(_ format: AccessLogFormat, _ value: [UInt8]) -> [UInt8] {
        var output = ByteWriter()
        let line = LogLine(format)
        line.begin(Array("2026-01-02T03:04:05Z".utf8), in: &output)
        line.add("path", bytes: value.span, to: &output)
        line.add("status", number: 403, to: &output)
        line.end(&output)
        return output.bytes
    }

    @Test("writes keys and values, quoted where they must be")
    func text() {
        let rows: [(String, String)] = [
            ("/a", "/a"), ("/a b", "\"/a b\""), ("/a=b", "\"/a=b\""), ("/a\"b", "\"/a\\\"b\""),
            ("/a\\b", "\"/a\\\\b\""), ("/a\nb", "\"/a\\u000ab\""), ("/\u{e4}", "\"/\\u00e4\""),
            ("", ""),
        ]
        for (value, written) in rows {
            #expect(
                latin1(line(.text, wireBytes(value)))
                    == "2026-01-02T03:04:05Z info exchange path=\(written) status=403\n")
        }
    }

    @Test("C10: is one line whatever byte a value holds", arguments: AccessLogFormat.allCases)
    func oneLine(_ format: AccessLogFormat) {
        for byte in UInt8.min...UInt8.max {
            let bytes = line(format, [0x2F, byte, 0x78])
            #expect(bytes.last == 0x0A)
            #expect(bytes.dropLast().allSatisfy { (0x20...0x7E).contains($0) }, "\(byte)")
        }
    }

    @Test("in JSON a value comes out as it went in")
    func json() throws {
        var random = SeededGenerator(for: "log values")
        let special = Array("\"\\\n\r\t\u{0}{}:,\u{7f}abc".utf8)
        for _ in 0..<propertyRounds(300) {
            let value = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? random.pick(special) : UInt8.random(in: 0...255, using: &random)
            }
            let object = try JSONSerialization.jsonObject(with: Data(line(.json, value)))
            let fields = try #require(object as? [String: Any])
            #expect(fields["path"] as? String == latin1(value))
            #expect(fields["status"] as? Int == 403)
            #expect(fields["time"] as? String == "2026-01-02T03:04:05Z")
            #expect(fields.count == 5)
        }
    }

    @Test("in text a value cannot make another field")
    func textInjection() {
        let bytes = line(.text, wireBytes("/x status=200 \" status=200"))
        #expect(
            latin1(bytes).hasSuffix(" path=\"/x status=200 \\\" status=200\" status=403\n"))
    }

    @Test("a long value is cut", arguments: AccessLogFormat.allCases)
    func longValue(_ format: AccessLogFormat) {
        let bytes = line(format, [UInt8](repeating: 0x01, count: 100_000))
        #expect(bytes.count < 6 * 512 + 200)
    }
}
