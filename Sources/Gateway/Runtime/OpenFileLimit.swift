private import Glibc

/// How many files and sockets the process may have open.
enum OpenFileLimit {
    /// Raises the limit to what the system allows without privileges. The usual 1024 is for programs
    /// that use `select`; a proxy has two sockets for each client.
    static func raise() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return
        }
        limit.rlim_cur = limit.rlim_max
        // Refused only where it is forbidden to change it; then the old limit holds.
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
