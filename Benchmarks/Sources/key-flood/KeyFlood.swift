import Glibc

/// What do tokens with unknown key IDs, ten thousand a second, cost those whose tokens are good?
///
/// ../../key-flood.sh starts all that this program talks to.
@main
struct KeyFlood {
    static func main() {
        do {
            let options = try FloodOptions(Array(CommandLine.arguments.dropFirst()))
            var run = try FloodRun(options)
            let report = FloodReport(try run.measure(), options)
            print(report.text)
            for line in report.broken + report.late { print("key-flood: \(line)") }
            if !report.broken.isEmpty { exit(1) }
            guard report.isQuiet else {
                print("key-flood: no verdict on times: other work kept the processors busy")
                exit(2)
            }
            if !report.late.isEmpty { exit(1) }
        } catch {
            print("key-flood: \(error)")
            exit(1)
        }
    }
}

/// Why nothing could be measured.
struct FloodProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// A system call has failed.
    init(during activity: String) {
        description = unsafe "\(activity): \(String(cString: strerror(errno)))"
    }
}

enum MonotonicClock {
    /// Nanoseconds from any zero.
    static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
