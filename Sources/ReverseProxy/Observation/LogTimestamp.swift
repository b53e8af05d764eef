private import Glibc

/// The time of a log line, such as `2026-01-31T09:05:00Z` (RFC 3339).
package enum LogTimestamp {
    package static func text(unixSeconds: Int64) -> String {
        var parts = unsafe tm()
        var time = time_t(unixSeconds)
        unsafe gmtime_r(&time, &parts)
        func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = unsafe [parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday].map(padded)
        let clock = unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map(padded)
        return date.joined(separator: "-") + "T" + clock.joined(separator: ":") + "Z"
    }
}
