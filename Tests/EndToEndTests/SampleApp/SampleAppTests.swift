import Foundation
import TestSupport
import Testing

@Suite("the sample app behind the gate", .blocking, .serialized)
struct SampleAppTests {
    @Test("serves the page, its data and its assets to those who may have them")
    func pages() throws {
        let fixture = try SampleAppFixture()
        defer { fixture.stop() }
        let page = try fixture.gate.exchange(Attack("/", token: "A").request)
        #expect(page.status == 200)
        #expect(page.value("Content-Type")?.hasPrefix("text/html") == true)
        // The page greets the user that the gate has verified.
        #expect(page.text.contains("alice"))
        #expect(try fixture.gate.exchange(Attack("/").request).status == 401)

        let weather = try fixture.gate.exchange(
            Attack("/api/weather?limit=3", token: "A").request)
        #expect(weather.status == 200)
        let document = try JSONSerialization.jsonObject(with: Data(weather.body))
        #expect(((document as? [String: Any])?["days"] as? [Any])?.count == 3)

        #expect(try fixture.gate.exchange(Attack("/assets/dashboard.css").request).status == 200)
        #expect(try fixture.gate.exchange(Attack("/health", token: "A").request).status == 403)
    }

    @Test("keeps the statistics for administrators")
    func roles() throws {
        let fixture = try SampleAppFixture()
        defer { fixture.stop() }
        for (token, status) in [(nil, 401), ("A", 403), ("R", 200), ("E", 401)] as [(String?, Int)]
        {
            let attack = Attack("/admin/stats", token: token)
            #expect(
                try fixture.gate.exchange(attack.request).status == status, "\(token ?? "none")")
        }
        let note = #"{"text":"seen"}"#
        let fields = ["Content-Type: application/json", "Content-Length: \(note.utf8.count)"]
        for (token, status) in [("A", 403), ("R", 201)] {
            let attack = Attack(
                "/api/notes", method: "POST", token: token, fields: fields, body: note)
            #expect(try fixture.gate.exchange(attack.request).status == status)
        }
    }

    @Test("a download of 20 MB is the same through the gate as without it")
    func download() throws {
        let fixture = try SampleAppFixture()
        defer { fixture.stop() }
        let direct = try RawConnection(port: fixture.app.port)
        try direct.send("GET /download/weather.csv HTTP/1.1\r\nHost: x\r\n\r\n")
        let expected = try direct.response(within: .seconds(60)).body
        #expect(expected.count >= 20_000_000)
        let answer = try fixture.gate.exchange(
            Attack("/download/weather.csv", token: "A").request, within: .seconds(60))
        #expect(answer.status == 200)
        #expect(answer.body == expected)
    }

    @Test("a server-sent event arrives within 200 ms of its making")
    func events() throws {
        let fixture = try SampleAppFixture()
        defer { fixture.stop() }
        let client = try fixture.gate.connect()
        try client.send(Attack("/live?interval_ms=100&count=5", token: "A").request)
        let head = try client.responseHead()
        #expect(head.value("Content-Type")?.hasPrefix("text/event-stream") == true)
        var text = ""
        var delays: [Int] = []
        while delays.count < 5, let bytes = try client.nextBytes(within: .seconds(5)) {
            let now = Int(Date().timeIntervalSince1970 * 1_000)
            text += latin1(bytes)
            while let made = takeEvent(from: &text) { delays.append(now - made) }
        }
        #expect(delays.count == 5)
        #expect(delays.allSatisfy { (-5...200).contains($0) }, "\(delays)")
    }

    @Test("a killed app is 502, and served again after its restart without one of the gate")
    func killedApp() throws {
        let fixture = try SampleAppFixture()
        defer { fixture.stop() }
        let request = Attack("/api/summary", token: "A").request
        #expect(try fixture.gate.exchange(request).status == 200)
        fixture.killApp()
        let failure = try fixture.gate.exchange(request)
        #expect(failure.status == 502)
        #expect(failure.reason == "upstream_unreachable")
        try fixture.restartApp()
        let recovered = try Deadline.after(.seconds(5)).waits {
            try fixture.gate.exchange(request).status == 200
        }
        #expect(recovered)
        #expect(fixture.gate.isRunning)
    }

    @Test("a client that stops reading 2 GB does not make the gate's memory grow")
    func slowReader() throws {
        let fixture = try SampleAppFixture()
        defer { fixture.stop() }
        // What every request needs is allocated before the measurement.
        for _ in 1...20 {
            _ = try fixture.gate.exchange(Attack("/api/summary", token: "A").request)
        }
        let before = try #require(residentMemory(of: fixture.gate.pid))
        let client = try fixture.gate.connect(receiveBuffer: 8_192)
        try client.send(Attack("/download/large?bytes=2147483648", token: "A").request)
        #expect(try client.responseHead().status == 200)
        _ = try client.bytes(1_000)
        var highest = before
        let end = Deadline.after(.seconds(3))
        while !end.hasPassed {
            // Others are served while one is stuck.
            let other = try fixture.gate.exchange(Attack("/api/summary", token: "A").request)
            #expect(other.status == 200)
            highest = max(highest, try #require(residentMemory(of: fixture.gate.pid)))
        }
        #expect(highest - before < 32 << 20, "\(before) → \(highest) bytes")
        // It was stuck, not given up: the rest flows when the client reads on.
        #expect(try client.bytes(50_000_000, within: .seconds(60)).count == 50_000_000)
    }

    /// Takes one whole event off the text and returns its `at`: Unix milliseconds.
    private func takeEvent(from text: inout String) -> Int? {
        guard let end = text.firstRange(of: "\n\n") else { return nil }
        let event = text[..<end.lowerBound]
        defer { text.removeSubrange(..<end.upperBound) }
        guard let start = event.firstRange(of: "\"at\":")?.upperBound else { return nil }
        return Int(event[start...].prefix { $0.isNumber })
    }
}
