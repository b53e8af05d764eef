import FuzzTargets
import TestSupport
import Testing

/// Whatever llhttp refuses, the codec refuses; and what both read, they read the same.
@Suite("the codec beside llhttp")
struct LlhttpComparisonTests {
    @Test("requests")
    func requests() {
        var connection = RandomConnection(SeededGenerator(for: "requests beside llhttp"))
        var tally = Tally()
        for _ in 0..<propertyRounds(10_000) {
            let bytes = connection.requests()
            let ours = WireReading.requests([bytes])
            let theirs = LlhttpReading.requests(bytes)
            let difference = compare(ours, theirs) { start in
                let parts = start.split(separator: UInt8(ascii: " ")).map(lossy)
                return "\(parts[0]) \(parts[1]) \(parts[2])"
            }
            tally.note(ours)
            if let difference {
                report(difference, bytes, connection.random.seed)
                return
            }
        }
        tally.check()
    }

    @Test("answers")
    func answers() {
        var connection = RandomConnection(SeededGenerator(for: "answers beside llhttp"))
        var tally = Tally()
        for _ in 0..<propertyRounds(10_000) {
            let bytes = connection.answers()
            let toHead = connection.pick([true, false, false, false])
            let ours = WireReading.answers([bytes], toHead: toHead)
            let theirs = LlhttpReading.answers(bytes, toHead: toHead)
            let difference = compare(ours, theirs) { start in
                "\(lossy(start.dropFirst(9).prefix(3))) \(lossy(start.prefix(8)))"
            }
            tally.note(ours)
            if let difference {
                report(difference, bytes, connection.random.seed)
                return
            }
        }
        tally.check()
    }

    private func report(_ difference: String, _ bytes: [UInt8], _ seed: UInt64) {
        Issue.record("\(difference): \(latin1(bytes).debugDescription), seed \(seed)")
    }

    /// How many readings ended how: a codec that refuses everything agrees with everybody.
    private struct Tally {
        private var messages = 0
        private var faults = 0
        private var bodies = 0
        private var rounds = 0

        mutating func note(_ reading: WireReading) {
            rounds += 1
            messages += reading.complete.count
            if reading.end == .fault { faults += 1 }
            if reading.complete.contains(where: { !$0.body.isEmpty }) { bodies += 1 }
        }

        func check() {
            #expect(messages > rounds / 4, "\(messages) messages")
            #expect(bodies > rounds / 10, "\(bodies) connections with bodies")
            #expect(faults > rounds / 4, "\(faults) connections with faults")
        }
    }

    /// Says how they differ.
    private func compare(
        _ ours: WireReading, _ theirs: LlhttpReading, start: ([UInt8]) -> String
    ) -> String? {
        for (number, message) in ours.complete.enumerated() {
            guard number < theirs.messages.count, theirs.messages[number].isComplete else {
                return "llhttp refuses message \(number) (\(theirs.error ?? "silently"))"
            }
            let other = theirs.messages[number]
            guard start(message.start) == other.start else { return "start \(other.start)" }
            guard message.fields.map(lossy) == other.fields else { return "fields \(other.fields)" }
            guard message.body == other.body else { return "body \(latin1(other.body))" }
            let trailer = lossy(message.trailer).split(separator: "\r\n").count
            guard trailer == other.trailer.count else { return "trailer \(other.trailer)" }
            // llhttp stops for another protocol; the gateway goes on unless there is a tunnel.
            if message.asksForUpgrade { return nil }
            if endsForLlhttp(other) { return nil }
        }
        guard ours.end == .open || ours.end == .closes else { return nil }
        // Both have read everything: they must have found the same number of messages.
        let found = theirs.messages.count { $0.isComplete }
        return found == ours.complete.count || ours.end == .closes
            ? nil : "llhttp finds \(found) messages"
    }

    /// After `Proxy-Connection: close`, which nothing defines, after a trailer that says `close`, which is
    /// too late, and after an informational answer that says it of the answer to come, llhttp reads
    /// nothing more.
    private func endsForLlhttp(_ message: LlhttpReading.Message) -> Bool {
        // It takes a trailer's lines for lines of the head.
        let lines = (message.fields + message.trailer).map { $0.lowercased() }
        let closes = lines.contains { $0.hasPrefix("connection:") && $0.contains("close") }
        let trailerCloses = message.trailer.contains {
            $0.lowercased().hasPrefix("connection:")
        }
        return lines.contains { $0.hasPrefix("proxy-connection:") }
            || closes && (trailerCloses || message.start.hasPrefix("1"))
    }

    private func lossy(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: Array(bytes), as: UTF8.self)
    }
}
