import Glibc

/// How long the threads of a process have had a processor, and how long they wanted one in vain.
struct ProcessTime {
    /// Seconds.
    private(set) var running = 0.0
    /// Seconds. Where it grows, others use the processor too, and times measured tell of them.
    private(set) var waiting = 0.0

    /// Of the process until now; of threads that still live.
    init(of process: Int32) throws {
        let folder = "/proc/\(process)/task"
        guard let entries = unsafe opendir(folder) else {
            throw FloodProblem(during: "look at process \(process)")
        }
        defer { unsafe closedir(entries) }
        while let entry = unsafe readdir(entries) {
            // Of up to 256 bytes, of which a thread's number needs few.
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // A thread may have ended since.
            guard Int32(name) != nil,
                let line = try? TextFile.firstLine("\(folder)/\(name)/schedstat")
            else { continue }
            let figures = String(decoding: line, as: UTF8.self).split(separator: " ")
            guard figures.count > 1 else { continue }
            running += (Double(figures[0]) ?? 0) / 1e9
            waiting += (Double(figures[1]) ?? 0) / 1e9
        }
    }

    private init() {}

    static func - (later: ProcessTime, earlier: ProcessTime) -> ProcessTime {
        var difference = ProcessTime()
        difference.running = later.running - earlier.running
        difference.waiting = later.waiting - earlier.waiting
        return difference
    }
}
