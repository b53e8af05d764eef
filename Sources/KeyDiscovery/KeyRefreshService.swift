package import Outbound
private import Synchronization
package import TokenVerification

/// New keys of an issuer, or none any more.
package struct KeyUpdate: Sendable {
    /// The issuer's name in the policy.
    package let issuerName: String
    package let keys: KeySet
    package let availability: KeyAvailability
}

/// Keeps the keys of issuers fresh: in the background, and when a token names one that is not here.
///
/// When to fetch is `RefreshSchedule`'s to say; this class fetches, tells, and lets those go on who wait.
package final class KeyRefreshService: Sendable {
    /// Reads key files; the sentence of its error is for a log.
    package typealias FileReading = @Sendable ([String]) throws(KeyFetchError) -> KeySet

    private let sources: [RefreshedSource]
    private let now: @Sendable () -> Duration
    private let publish: @Sendable (KeyUpdate) async -> Void
    private let log: @Sendable (KeyEvent) -> Void
    /// Sources of which a token has sought the keys.
    private let wishes: AsyncStream<Int>
    private let wish: AsyncStream<Int>.Continuation
    private let isOver = Atomic<Bool>(false)

    /// - Parameters:
    ///   - sources: no two of one issuer.
    ///   - initial: the keys that are here already, by the issuer's name in the policy.
    ///   - fetcher: for sources on other servers.
    ///   - readFiles: for sources that are files.
    ///   - now: a monotonic clock.
    ///   - publish: returns when everybody who verifies uses the new keys.
    ///   - log: called for what an operator should know; must not block.
    package init(
        sources: [KeySource], initial: [String: KeySet] = [:], fetcher: any HTTPFetching,
        readFiles: @escaping FileReading,
        now: @escaping @Sendable () -> Duration = KeyRefreshService.monotonicNow,
        publish: @escaping @Sendable (KeyUpdate) async -> Void,
        log: @escaping @Sendable (KeyEvent) -> Void
    ) {
        self.now = now
        self.publish = publish
        self.log = log
        let start = now()
        self.sources = sources.map { source in
            RefreshedSource(
                source, keys: initial[source.issuerName], now: start,
                load: KeyLoading(source, fetcher: fetcher, readFiles: readFiles))
        }
        (wishes, wish) = AsyncStream.makeStream(of: Int.self)
    }

    /// Ends `run`, as cancelling its task does.
    package func stop() { wish.finish() }

    /// What is held of each issuer, by its name in the policy, for a service that takes this one's place.
    package func held() -> [String: (keys: KeySet, availability: KeyAvailability)] {
        Dictionary(
            sources.map { ($0.issuerName, $0.held) }, uniquingKeysWith: { first, _ in first })
    }

    /// Time that never runs backwards, from any zero.
    package static let monotonicNow: @Sendable () -> Duration = {
        let start = ContinuousClock.now
        return { start.duration(to: .now) }
    }()

    /// Works until the task is cancelled. Whoever still waits then is let go.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for source in sources {
                group.addTask { await self.keepFresh(source) }
            }
            for await index in wishes { group.addTask { await self.fetch(self.sources[index]) } }
            group.cancelAll()
        }
        isOver.store(true, ordering: .sequentiallyConsistent)
        for source in sources { source.release() }
    }

    /// Fetches the issuer's keys, unless that was done just now, or in vain for this very key. Never
    /// blocks.
    ///
    /// `arrived` is called once, on any thread, when what was learned has been published, or when the
    /// fetch has failed.
    /// - Returns: whether it will be called: false means that there is nothing to be learned for now.
    package func seek(_ missing: MissingKey, arrived: @escaping @Sendable () -> Void) -> Bool {
        // Whoever were told at once that nothing has come would ask again at once.
        guard !isOver.load(ordering: .sequentiallyConsistent),
            let index = sources.firstIndex(where: { $0.issuerName == missing.issuerName })
        else { return false }
        switch sources[index].seek(missing.name, at: now(), arrived) {
        case .nothing: return false
        case .joins: break
        case .begins: wish.yield(index)
        }
        // A service that has ended meanwhile fetches nothing, and lets nobody wait.
        if isOver.load(ordering: .sequentiallyConsistent) { sources[index].release() }
        return true
    }

    /// The state of each source, in their order.
    package func status() -> [KeySourceStatus] {
        let now = now()
        return sources.map { $0.status(at: now) }
    }

    /// The background's work for one source.
    private func keepFresh(_ source: RefreshedSource) async {
        while !Task.isCancelled {
            if source.beginIfDue(at: now()) {
                await fetch(source)
            } else if let (update, event) = source.expire(at: now()) {
                log(event)
                await publish(update)
                source.finish()
            }
            let pause = source.pause(from: now())
            try? await Task.sleep(for: pause)
        }
    }

    /// Fetches, publishes, and lets those go on who wait. The source's schedule has begun the fetch.
    private func fetch(_ source: RefreshedSource) async {
        let result = await source.load()
        // That the service ends says nothing of the source.
        guard !Task.isCancelled else { return source.finish() }
        let (update, events) = source.learn(result, at: now())
        for event in events { log(event) }
        if let update { await publish(update) }
        source.finish()
    }
}
