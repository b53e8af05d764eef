import Glibc
import MeasuringInC

/// What the operating system knows about this process.
enum Machine {
    /// Bytes of memory that this process holds (the second figure of /proc/self/statm).
    static func residentBytes() -> Int {
        guard let text = readFirstLine("/proc/self/statm"),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return 0 }
        return pages * Int(getpagesize())
    }

    static func processorName() -> String {
        guard let file = unsafe fopen("/proc/cpuinfo", "r") else { return "unknown" }
        defer { unsafe fclose(file) }
        while let line = unsafe nextLine(file) {
            guard line.hasPrefix("model name"), let colon = line.firstIndex(of: ":") else {
                continue
            }
            return String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return "unknown"
    }

    /// What this process has used so far.
    static func processorTime() -> Duration {
        var now = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now)
        return .seconds(now.tv_sec) + .nanoseconds(now.tv_nsec)
    }

    static func unixTime() -> Int64 { Int64(time(nil)) }

    private static func readFirstLine(_ path: String) -> String? {
        guard let file = unsafe fopen(path, "r") else { return nil }
        defer { unsafe fclose(file) }
        return unsafe nextLine(file)
    }

    private static func nextLine(_ file: UnsafeMutablePointer<FILE>) -> String? {
        var buffer = [CChar](repeating: 0, count: 1024)
        guard unsafe fgets(&buffer, Int32(buffer.count), file) != nil else { return nil }
        let bytes = buffer.prefix { $0 != 0 && $0 != CChar(10) }.map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
