import BoundedThreads
import Synchronization

/// Fetches by libcurl, on threads of its own because libcurl waits where it is called.
///
/// `https` only unless allowed, TLS 1.2 or later with a verified certificate and host name; nothing
/// comes from the environment (no proxy, no `.netrc`, no cookies); contents are not unpacked; redirects
/// lead to the same origin only. The address guard sees every address at the moment of connecting.
package final class CurlFetcher: HTTPFetching {
    private let workers: WorkerThreads
    private let switchOff = Switch()

    /// - Parameters:
    ///   - threads: how many fetches run at once.
    ///   - queue: how many may wait besides; further ones fail at once.
    package init(threads: Int = 4, queue: Int = 64) {
        workers = WorkerThreads(count: threads, capacity: queue, priority: .normal)
    }

    deinit { stop() }

    /// Gives up all fetches, those that run within about a second, and ends the threads.
    package func stop() {
        switchOff.turn()
        workers.stop()
    }

    /// The time that a fetch waits for a thread counts.
    ///
    /// A task that is cancelled gets `.stopped` at once.
    package func fetch(_ request: HTTPFetch) async throws(FetchError) -> [UInt8] {
        let pending = PendingFetch()
        let download = Download(
            request: request, deadline: .now + request.timeout,
            isGivenUp: { [switchOff] in switchOff.isTurned || pending.isOver })
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                pending.awaited(by: continuation)
                submit(download, pending)
            }
        } onCancel: {
            pending.ended(.failure(.stopped))
        }
        return try result.get()
    }

    private func submit(_ download: Download, _ pending: PendingFetch) {
        let job = WorkerThreads.Job(
            run: { if !pending.isOver { pending.ended(download.result()) } },
            abandon: { pending.ended(.failure(.stopped)) })
        switch workers.submit(job) {
        case .accepted: break
        case .full: pending.ended(.failure(.busy))
        case .stopped: pending.ended(.failure(.stopped))
        }
    }
}

extension FetchError {
    fileprivate static let stopped = FetchError(.stopped, "fetching was given up")
    fileprivate static let busy = FetchError(.stopped, "too many fetches are waiting already")
}

/// Off once and for all.
private final class Switch: Sendable {
    private let value = Atomic(false)

    var isTurned: Bool { value.load(ordering: .relaxed) }

    func turn() { value.store(true, ordering: .relaxed) }
}

/// The caller of a fetch, who is told its end once: by the thread that fetched, or because its task
/// was cancelled.
private final class PendingFetch: Sendable {
    typealias Outcome = Result<[UInt8], FetchError>

    private struct State {
        var continuation: CheckedContinuation<Outcome, Never>?
        var outcome: Outcome?
    }
    private let state = Mutex(State())

    var isOver: Bool { state.withLock { $0.outcome != nil } }

    func awaited(by continuation: CheckedContinuation<Outcome, Never>) {
        let outcome = state.withLock { state in
            if state.outcome == nil { state.continuation = continuation }
            return state.outcome
        }
        if let outcome { continuation.resume(returning: outcome) }
    }

    func ended(_ outcome: Outcome) {
        let continuation = state.withLock { state in
            guard state.outcome == nil else { return nil as CheckedContinuation<Outcome, Never>? }
            state.outcome = outcome
            defer { state.continuation = nil }
            return state.continuation
        }
        continuation?.resume(returning: outcome)
    }
}
