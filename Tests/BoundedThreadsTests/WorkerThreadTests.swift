import Foundation
import TestSupport
import Testing

@testable import BoundedThreads

@Suite("Worker threads")
struct WorkerThreadTests {
    private static func job(_ run: @escaping @Sendable () -> Void) -> WorkerThreads.Job {
        WorkerThreads.Job(run: run, abandon: {})
    }

    private static func niceness() -> Int32 {
        getpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0)
    }

    @Test("run jobs in their order, at lower priority than whoever submits them")
    func order() {
        let workers = WorkerThreads(count: 1, capacity: 100)
        let seen = Locked<[Int]>([])
        let niceness = Locked<Int32>(0)
        let done = DispatchSemaphore(value: 0)
        for number in 0..<50 {
            let job = Self.job { seen.withLock { $0.append(number) } }
            #expect(workers.submit(job) == .accepted)
        }
        let last = Self.job {
            niceness.withLock { $0 = Self.niceness() }
            done.signal()
        }
        #expect(workers.submit(last) == .accepted)
        done.wait()
        workers.stop()
        #expect(seen.withLock { $0 } == Array(0..<50))
        #expect(niceness.withLock { $0 } == min(Self.niceness() + 10, 19))
    }

    @Test("as many jobs run at once as there are threads")
    func parallel() {
        let workers = WorkerThreads(count: 4, capacity: 4)
        let arrived = DispatchSemaphore(value: 0)
        let release = DispatchSemaphore(value: 0)
        for _ in 0..<4 {
            let job = Self.job {
                arrived.signal()
                release.wait()
            }
            #expect(workers.submit(job) == .accepted)
        }
        for _ in 0..<4 { arrived.wait() }
        for _ in 0..<4 { release.signal() }
        workers.stop()
    }

    @Test("stopping abandons what waits, finishes what runs and ends the threads")
    func stop() {
        weak var forgotten: WorkerThreads?
        let log = Locked<[String]>([])
        do {
            let workers = WorkerThreads(count: 1, capacity: 3)
            forgotten = workers
            let started = DispatchSemaphore(value: 0)
            let release = DispatchSemaphore(value: 0)
            let first = Self.job {
                started.signal()
                release.wait()
                log.withLock { $0.append("first ran") }
            }
            #expect(workers.submit(first) == .accepted)
            started.wait()
            for name in ["second", "third", "fourth"] {
                let job = WorkerThreads.Job(
                    run: { log.withLock { $0.append("\(name) ran") } },
                    abandon: {
                        log.withLock { $0.append("\(name) abandoned") }
                        if name == "fourth" { release.signal() }
                    })
                #expect(workers.submit(job) == .accepted)
            }
            #expect(workers.submit(Self.job {}) == .full)
            #expect(workers.waitingCount == 3)
            workers.stop()
            #expect(workers.submit(Self.job {}) == .stopped)
            workers.stop()
        }
        #expect(
            log.withLock { $0 }
                == ["second abandoned", "third abandoned", "fourth abandoned", "first ran"])
        // Its threads keep it alive as long as they live.
        #expect(forgotten == nil)
    }
}
