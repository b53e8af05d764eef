/// Measures several operations against each other.
///
/// The speed of a machine that others use too changes from second to second. So all operations are
/// measured in each round, shortly after one another and in random order, and only figures of one
/// round are compared. What counts is the processor time of this process, all of its threads and the
/// system's work for them included, so that the work of others does not.
struct Race {
    let rounds: Int
    /// How long one operation is repeated in one round.
    var slice = Duration.milliseconds(2)

    /// Nanoseconds per operation: by subject, then by round.
    func run(_ subjects: [Subject]) async throws -> [[Double]] {
        var counts: [Int] = []
        for subject in subjects { counts.append(try await repetitions(subject)) }
        var times = [[Double]](repeating: [], count: subjects.count)
        for _ in 0..<rounds {
            for index in subjects.indices.shuffled() {
                let start = Machine.processorTime()
                try await subjects[index].run(counts[index])
                let elapsed = Machine.processorTime() - start
                times[index].append(elapsed / .nanoseconds(1) / Double(counts[index]))
            }
        }
        return times
    }

    /// How often an operation fits into a slice; the search for it is also the warm-up.
    private func repetitions(_ subject: Subject) async throws -> Int {
        var count = 1
        while true {
            let start = Machine.processorTime()
            try await subject.run(count)
            let elapsed = Machine.processorTime() - start
            if elapsed >= slice / 2 {
                return max(1, Int(Double(count) * (slice / elapsed)))
            }
            count *= 2
        }
    }
}

/// The middle of many figures, and how far half of them are spread.
struct Quartiles {
    let lower: Double
    let median: Double
    let upper: Double

    init(_ values: [Double]) {
        let sorted = values.sorted()
        func at(_ share: Double) -> Double { sorted[Int(share * Double(sorted.count - 1))] }
        lower = at(0.25)
        median = at(0.5)
        upper = at(0.75)
    }

    /// Of the quotients of two subjects, round by round.
    static func ratio(_ left: [Double], _ right: [Double]) -> Quartiles {
        Quartiles(zip(left, right).map { $0 / $1 })
    }
}
