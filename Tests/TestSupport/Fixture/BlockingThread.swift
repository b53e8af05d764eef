import Foundation

/// Runs the jobs of one task tree on one thread that may block.
final class BlockingThread: TaskExecutor {
    private struct Queue {
        var jobs: [UnownedJob] = []
        var isFinished = false
    }
    private let queue = Locked(Queue())
    private let available = DispatchSemaphore(value: 0)

    init() {
        Thread.detachNewThread { self.run() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.withLock { $0.jobs.append(job) }
        available.signal()
    }

    /// Lets the thread end when no job is left.
    func finish() {
        queue.withLock { $0.isFinished = true }
        available.signal()
    }

    private func run() {
        while true {
            available.wait()
            let (job, isFinished) = queue.withLock { queue in
                (queue.jobs.isEmpty ? nil : queue.jobs.removeFirst(), queue.isFinished)
            }
            if let job {
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            } else if isFinished {
                return
            }
        }
    }
}
