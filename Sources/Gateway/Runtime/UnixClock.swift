private import Glibc

/// The time of day.
enum UnixClock {
    /// Unix seconds.
    static func now() -> Int64 { Int64(time(nil)) }
}
