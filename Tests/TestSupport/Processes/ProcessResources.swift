import Foundation
import Glibc

/// The resident memory of a process in bytes, from `/proc/PID/statm`; nil when it is gone.
package func residentMemory(of pid: Int32) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8) else {
        return nil
    }
    let fields = text.split(separator: " ")
    guard fields.count > 1, let pages = Int(fields[1]) else { return nil }
    return pages * sysconf(Int32(_SC_PAGESIZE))
}

/// How many descriptors a process has open, from `/proc/PID/fd`; nil when it is gone.
package func openDescriptors(of pid: Int32) -> Int? {
    try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
}

/// The processor time that a process has used, of all its threads, in ticks of 10 ms, from
/// `/proc/PID/stat`; nil when it is gone. Says how much work was done, whatever else the machine does.
package func processorTicks(of pid: Int32) -> Int? {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
    else { return nil }
    // The fields behind the name, which may hold blanks: the 14th and 15th of all.
    let fields = text[end...].split(separator: " ").dropFirst()
    let times = fields.dropFirst(11).prefix(2).compactMap { Int($0) }
    return times.count == 2 ? times[0] + times[1] : nil
}
