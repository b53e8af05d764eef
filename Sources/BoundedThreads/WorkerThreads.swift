private import Glibc

/// Threads of their own that work off a bounded queue, oldest job first.
///
/// They are threads of the system and not of Swift's pool, because a job keeps its thread for long:
/// it computes, or it waits for a network. Threads of `.background` have a lower scheduling priority
/// than all others, so that on a busy machine the event loops, which verify tokens, are served first.
@safe package final class WorkerThreads: @unchecked Sendable {
    package struct Job: Sendable {
        let run: @Sendable () -> Void
        let abandon: @Sendable () -> Void

        /// `abandon` is called instead of `run` when the threads are stopped first.
        package init(
            run: @escaping @Sendable () -> Void, abandon: @escaping @Sendable () -> Void
        ) {
            self.run = run
            self.abandon = abandon
        }
    }

    package enum Submission: Sendable {
        case accepted
        case full
        case stopped
    }

    package enum Priority: Sendable {
        case normal
        case background
    }

    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let capacity: Int
    private let priority: Priority
    // INVARIANT (worker queue): these three are read and written only while `mutex` is held.
    private var waiting: [Job] = []
    private var isStopped = false
    private var threads: [pthread_t] = []

    /// - Parameters:
    ///   - count: how many threads; at least one.
    ///   - capacity: how many jobs may wait besides those that run.
    ///   - priority: `.background` for jobs that compute, `.normal` for jobs that mostly wait.
    package init(count: Int, capacity: Int, priority: Priority = .background) {
        precondition(count >= 1 && capacity >= 1, "workers need a thread and room in their queue")
        self.capacity = capacity
        self.priority = priority
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(changed, nil)
        for _ in 0..<count { startThread() }
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    package func submit(_ job: Job) -> Submission {
        withLock {
            // Without threads, when the system gave none, nothing would ever run.
            guard !isStopped, !threads.isEmpty else { return .stopped }
            guard waiting.count < capacity else { return .full }
            waiting.append(job)
            unsafe pthread_cond_signal(changed)
            return .accepted
        }
    }

    /// Abandons the waiting jobs and returns when the running ones are done and the threads have
    /// ended. Not to be called by a job.
    package func stop() {
        let (abandoned, ending) = withLock {
            defer {
                isStopped = true
                waiting = []
                threads = []
            }
            unsafe pthread_cond_broadcast(changed)
            return (waiting, threads)
        }
        for job in abandoned { job.abandon() }
        for thread in ending { pthread_join(thread, nil) }
    }

    package var waitingCount: Int { withLock { waiting.count } }

    private func startThread() {
        // The thread keeps the object alive until it ends.
        let workers = unsafe Unmanaged.passRetained(self)
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<WorkerThreads>.fromOpaque(argument).takeRetainedValue().work()
                return nil
            }, workers.toOpaque())
        guard status == 0 else {
            unsafe workers.release()
            return
        }
        withLock { threads.append(thread) }
    }

    private func work() {
        if priority == .background {
            // On Linux, 0 is the calling thread alone.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Self.niceness)
        }
        while let job = next() { job.run() }
    }

    /// Waits for a job; nil when the threads are to end.
    private func next() -> Job? {
        withLock {
            while waiting.isEmpty && !isStopped { unsafe pthread_cond_wait(changed, mutex) }
            return isStopped ? nil : waiting.removeFirst()
        }
    }

    private func withLock<Result>(_ body: () -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body()
    }

    /// A tenth of the processor time of a thread of normal priority, when both want it (nice(2)).
    private static let niceness: Int32 = 10
}
