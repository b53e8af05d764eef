import Foundation
import TestSupport
import Testing

@Suite("how a request is cut into TCP segments changes nothing", .gate, .serialized)
struct SegmentationTests {
    static let requests: [Attack] = [
        Attack("/public/a?b", label: "public"), Attack("/api/x", token: "A", label: "with a token"),
        Attack("/admin/x", token: "A", label: "forbidden"), Attack("/admin/x", label: "no token"),
        Attack("/api/x", token: "E", label: "expired"),
        Attack(
            "/api/x", method: "POST", token: "A", fields: ["Content-Length: 11"],
            body: "hello world", label: "with a length"),
        Attack(
            "/api/x", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"],
            body: "5\r\nhello\r\n6\r\n world\r\n0\r\nX-T: 1\r\n\r\n", label: "chunked"),
        Attack("/public/../admin", label: "climbing"),
        Attack("/public/a", fields: ["X-A: b\r\n c"], label: "folded line"),
        Attack("/public/a", fields: ["X-A : b"], label: "space before the colon"),
        Attack(
            "/api/x", method: "POST", token: "A",
            fields: ["Content-Length: 5", "Transfer-Encoding: chunked"], body: "0\r\n\r\n",
            label: "two framings"),
        Attack(
            "/api/x", method: "POST", token: "A", fields: ["Transfer-Encoding: chunked"],
            body: "5\r\nhelloXX0\r\n\r\n", label: "malformed chunk"),
        Attack(label: "bare LF", raw: "GET /public/a HTTP/1.1\nHost: app.test\r\n\r\n"),
        Attack(label: "unknown host", raw: "GET /public/a HTTP/1.1\r\nHost: evil\r\n\r\n"),
    ]

    @Test("byte by byte", arguments: requests)
    func byteByByte(attack: Attack) throws {
        let whole = try outcome(of: [wireBytes(attack.request)])
        let bytes = try outcome(of: wireBytes(attack.request).map { [$0] })
        #expect(bytes == whole)
    }

    @Test("at random places", arguments: requests)
    func randomCuts(attack: Attack) throws {
        var random = SeededGenerator(for: "random cuts")
        let whole = try outcome(of: [wireBytes(attack.request)])
        for _ in 0..<min(propertyRounds(4), 500) {
            let parts = random.cut(wireBytes(attack.request), longest: 60)
            let cuts = "\(parts.map(\.count)) OSTIARY_PROPERTY_SEED=\(random.seed)"
            #expect(try outcome(of: parts) == whole, "\(cuts)")
        }
    }

    struct Outcome: Equatable {
        let status: Int
        let reason: String?
        /// What the upstream was told: request line, fields, decoded body, trailers.
        let received: [[String]]
    }

    private func outcome(of parts: [[UInt8]]) throws -> Outcome {
        let fixture = try currentFixture()
        let before = fixture.upstream.requests.count
        let client = try fixture.gate.connect()
        for part in parts {
            guard client.sendTolerantly(part) else { break }
            // Long enough for most parts to be read by themselves.
            if parts.count > 1 { usleep(50) }
        }
        let response = try client.response()
        let received = fixture.upstream.requests.dropFirst(before).map { request in
            [request.requestLine] + request.headerLines.sorted() + [latin1(request.body)]
                + request.trailerLines
        }
        return Outcome(status: response.status, reason: response.reason, received: received)
    }
}
