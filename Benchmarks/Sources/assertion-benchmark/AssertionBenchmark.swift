import AccessPolicy
import Admission
import Cryptography
import Glibc
import StrictJSON
import TokenIssuing
import TokenVerification

/// Measures what an identity assertion adds to a request: signing one, and finding one that has been signed.
/// The unit is processor time of this thread, and of several rounds the best one counts: others may be at
/// work on the machine.
@main
enum AssertionBenchmark {
    static func main() {
        do {
            try run()
        } catch {
            print("assertion-benchmark: \(error)")
            exit(1)
        }
    }

    private static func run() throws {
        let subject = try BenchmarkSubject()
        print("assertion of \(subject.size) bytes, ES256")
        let rows: [(String, Int, () throws -> Void)] = [
            ("one signature of libcrypto", 2_000, subject.signOnly),
            ("an assertion, claims written and signed", 2_000, subject.sign),
            ("an assertion that has been signed, found", 200_000, subject.find),
        ]
        for (name, count, body) in rows {
            var best = UInt64.max
            for _ in 0..<rounds {
                let start = nanoseconds()
                for _ in 0..<count { try body() }
                best = min(best, (nanoseconds() - start) / UInt64(count))
            }
            print("\(best < 1000 ? "\(best) ns" : "\(best / 1000) µs")  \(name)")
        }
    }

    /// Of this thread's processor time.
    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static let rounds = 10
}
