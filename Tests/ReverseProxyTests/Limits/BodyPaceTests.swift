import Testing

@testable import ReverseProxy

@Suite("how fast a body comes")
struct BodyPaceTests {
    /// Bytes that come in each of the steps of 200 ms; the step at which it is too slow, if any.
    private func failure(
        floor: Int64 = 100, grace: Int64 = 1000, isReading: Bool = true, _ bytes: [Int64]
    ) -> Int? {
        var pace = BodyPace(grace: grace)
        var received: Int64 = 0
        for (step, count) in bytes.enumerated() {
            received += count
            if pace.isTooSlow(
                elapsed: 200, received: received, isReading: isReading, floor: floor, grace: grace)
            {
                return step
            }
        }
        return nil
    }

    @Test("silence is borne for the grace and no longer")
    func silence() { #expect(failure(Array(repeating: 0, count: 20)) == 5) }

    @Test("just fast enough is fast enough")
    func floor() { #expect(failure(Array(repeating: 20, count: 1000)) == nil) }

    @Test("one byte a step ends soon after the grace")
    func drip() {
        let step = failure(Array(repeating: 1, count: 100))
        #expect(step.map { (5...7).contains($0) } == true)
    }

    @Test("a fast beginning buys no right to a slow end")
    func burst() {
        #expect(failure([1 << 40] + Array(repeating: 0, count: 20)) == 6)
    }

    @Test("time in which nothing is read counts for nobody")
    func pressure() {
        #expect(failure(isReading: false, Array(repeating: 0, count: 1000)) == nil)
    }

    @Test("without a floor nothing is too slow")
    func off() { #expect(failure(floor: 0, Array(repeating: 0, count: 1000)) == nil) }
}
