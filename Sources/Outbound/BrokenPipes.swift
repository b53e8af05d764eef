private import Glibc

/// Writing to a connection that the peer has closed must be an error and not the end of the process.
enum BrokenPipes {
    /// Runs `body` with SIGPIPE blocked for this thread; one that came meanwhile is dropped.
    static func ignored<Result>(_ body: () -> Result) -> Result {
        var pipe = sigset_t()
        var before = sigset_t()
        unsafe sigemptyset(&pipe)
        unsafe sigaddset(&pipe, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &pipe, &before)
        defer {
            var none = timespec()
            while unsafe sigtimedwait(&pipe, nil, &none) > 0 {}
            unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        return body()
    }
}
