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
