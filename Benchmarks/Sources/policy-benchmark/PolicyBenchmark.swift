import AccessPolicy
import Glibc
import MeasuringInC

/// Measures what a decision costs: selecting the routes of a request and evaluating their conditions.
@main
struct PolicyBenchmark {
    static func main() async {
        do {
            // The last processor: the first one usually serves interrupts.
            guard pin_to_processor(Int32(sysconf(Int32(_SC_NPROCESSORS_ONLN))) - 1) else {
                throw UnexpectedOutcome("cannot be bound to one processor")
            }
            let arguments = Array(CommandLine.arguments.dropFirst())
            switch arguments.first {
            case nil: _ = try await measure()
            case "--gate"?: if try await !measure() { exit(1) }
            case "--count"? where arguments.count > 2:
                guard let count = Int(arguments[1]), count > 0 else {
                    throw UnexpectedOutcome("`--count` needs a number\n\(usage)")
                }
                try self.count(count, Array(arguments.dropFirst(2)))
            default: print(usage)
            }
        } catch {
            print("policy-benchmark: \(error)")
            exit(1)
        }
    }

    private static let usage = """
        usage: policy-benchmark [--gate]
               policy-benchmark --count N SUBJECT…
          --gate              fails when a target is missed
          --count N SUBJECT…  decides N times each, for Callgrind; see instructions.sh
        """

    /// Prints a table, and returns whether all targets are met.
    private static func measure() async throws -> Bool {
        var subjects: [Subject] = []
        for size in DecisionSubject.policySizes {
            let policy = try DecisionSubject.policy(routes: size)
            for subject in DecisionSubject.all where subject.routes == size {
                subjects.append(try subject.subject(policy))
            }
        }
        let times = try await Race(rounds: 200).run(subjects)
        print("decision/ROUTES/SPELLING           | nanoseconds (middle half) | allocations")
        var figures: [String: (nanoseconds: [Double], allocations: Double)] = [:]
        for (subject, times) in zip(subjects, times) {
            let quartiles = Quartiles(times)
            let allocations = try await allocations(subject)
            figures[subject.name] = (times, allocations)
            let range = "\(Int(quartiles.median)) (\(Int(quartiles.lower))–\(Int(quartiles.upper)))"
            print("\(padded(subject.name, 34)) | \(padded(range, 25)) | \(allocations)")
        }
        print("")
        var areMet = true
        func check(_ what: String, _ value: Double, _ limit: Double) {
            let isMet = value <= limit
            areMet = areMet && isMet
            let shown = (value * 100).rounded() / 100
            print("\(isMet ? "met   " : "MISSED") \(what): \(shown), at most \(limit)")
        }
        for spelling in DecisionSubject.Spelling.allCases {
            let small = figures["decision/10/\(spelling.rawValue)"]?.nanoseconds ?? []
            let large = figures["decision/10000/\(spelling.rawValue)"]?.nanoseconds ?? []
            check(
                "10,000 routes / 10 routes, \(spelling.rawValue)",
                Quartiles.ratio(large, small).median, 2)
            check("10,000 routes, \(spelling.rawValue), µs", Quartiles(large).median / 1000, 1)
        }
        check("allocations, worst", figures.values.map(\.allocations).max() ?? 0, 0)
        return areMet
    }

    /// How often memory is asked for each time, once everything is warm.
    private static func allocations(_ subject: Subject) async throws -> Double {
        let count = 1000
        try await subject.run(10)
        let before = allocation_count()
        try await subject.run(count)
        return Double(allocation_count() - before) / Double(count)
    }

    private static func count(_ count: Int, _ names: [String]) throws {
        for name in names {
            guard let subject = DecisionSubject.all.first(where: { $0.name == name }) else {
                throw UnexpectedOutcome("there is no subject `\(name)`")
            }
            let policy = try DecisionSubject.policy(routes: subject.routes)
            try CountedRegion.run(subject.subject(policy), count)
        }
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
