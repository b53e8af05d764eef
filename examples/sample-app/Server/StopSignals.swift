import Glibc

/// SIGTERM and SIGINT, taken on the main thread.
struct StopSignals {
    private var signals = sigset_t()

    /// Keeps both signals from ending the process. To be called before any thread is started:
    /// threads inherit it.
    init() {
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGTERM)
        unsafe sigaddset(&signals, SIGINT)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits until one of them comes.
    func wait() {
        var signals = signals
        var received: Int32 = 0
        unsafe _ = sigwait(&signals, &received)
    }
}
