import Cryptography
import Glibc
import MeasuringInC

/// Measures what verifying tokens costs, against libcrypto alone and against jwt-kit. What the figures
/// mean is told in docs/performance.md.
@main
struct TokenBenchmark {
    static func main() async {
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            // The last processor: the first one usually serves interrupts.
            guard pin_to_processor(Int32(sysconf(Int32(_SC_NPROCESSORS_ONLN))) - 1) else {
                throw UnexpectedOutcome("cannot be bound to one processor")
            }
            switch options.mode {
            case .compare: try await compare(options)
            case .count(let count, let names): try Counting(count).run(names)
            case .help: print(Options.usage)
            }
        } catch {
            print("token-benchmark: \(error)")
            exit(1)
        }
    }

    /// Not on the main thread: calls of jwt-kit's actor would pay for changing threads, as they do
    /// not within a server.
    @concurrent
    private static func compare(_ options: Options) async throws {
        let comparison = Comparison(rounds: options.rounds, now: Machine.unixTime())
        let report = Report(
            verifications: try await comparison.verifications(),
            cacheHit: try await comparison.cacheHit(),
            garbage: try await comparison.garbage(),
            flood: try Flood(.es256, now: comparison.now).run(badTokens: options.badTokens))
        print(report.table)
        if let file = options.jsonFile { try report.write(to: file) }
        if options.isGate, !report.missed.isEmpty { exit(1) }
    }
}
