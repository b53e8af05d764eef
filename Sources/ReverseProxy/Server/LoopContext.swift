internal import AccessPolicy
internal import Admission
internal import NIOCore
internal import TokenVerification

/// All that the connections of one event loop share. Belongs to that loop: no locks, and nothing
/// in it is ever touched from another thread.
final class LoopContext {
    let eventLoop: any EventLoop
    let settings: ProxySettings
    let gatekeeper: Gatekeeper
    /// Answers the gateway's own endpoints; nil when there are none.
    let localResponder: (any LocalResponder)?
    /// Requests whose decision lacks evidence.
    let evidence: EvidenceRoom
    /// What the app is told in signed form.
    var assertions: IdentityAssertions
    /// Requests that the responder has yet to answer, those whose client is gone included.
    var localExchanges = 0 {
        didSet { finishDrainIfEmpty() }
    }
    private(set) var requestNames: FieldNameTable
    private(set) var responseNames: FieldNameTable
    private(set) var requestTrailerNames: FieldNameTable
    private(set) var responseTrailerNames: FieldNameTable
    /// The policy's SHA-256 in hexadecimal, for the log.
    private(set) var policyFingerprint: [UInt8]
    /// Bounds of an answer's head.
    let answerHeadLimits: HeadLimits
    /// What of the configuration the policy leaves.
    private(set) var limits: ServingLimits
    /// How long each route's exchanges may be silent, by the route's number.
    private(set) var patience: [Patience]
    /// What the policy makes of paths that would be refused otherwise.
    private(set) var relaxations: PathRelaxations
    let deadlines: Deadlines
    /// What `Host` is when an HTTP/1.0 client sends none.
    let defaultAuthority: [UInt8]

    // Parsers and buffers are used within one call and keep their storage from message to message.
    var requestParser = RequestHeadParser()
    var responseParser = ResponseHeadParser()
    var trailerParser = FieldSectionParser(isRequest: true)
    var writer = ByteWriter()
    var requestStorage = CanonicalRequest.Storage()

    let pool: UpstreamPool
    /// Of all loops.
    let clients: ClientCounts
    let accessLog: AccessLog?
    private(set) var isDraining = false
    /// Whether the drain's time is over.
    private var isCutOff = false
    private var connections: [DownstreamHandler] = []
    private let flushes: PendingFlushes
    private var drained: EventLoopPromise<Void>?
    private var farewells = 0

    struct Deadlines {
        let requestHead: Int64
        let idle: Int64
        let patience: Patience
        let upstreamIdle: Int64
        let upstreamWait: Int64
        let evidence: Int64
        /// How long a closing connection may still send what nobody reads.
        let linger: Int64 = 2000
    }

    init(
        eventLoop: any EventLoop, settings: ProxySettings, gatekeeper: Gatekeeper,
        localResponder: (any LocalResponder)?, evidenceSource: (any EvidenceSource)?,
        policy: ServedPolicy, assertionSigner: (any AssertionSigning)?,
        clients: ClientCounts, logSink: @escaping AccessLog.Sink, loopIndex: Int
    ) {
        self.clients = clients
        assertions = IdentityAssertions(rule: policy.rules.assertion, signer: assertionSigner)
        self.eventLoop = eventLoop
        self.settings = settings
        self.gatekeeper = gatekeeper
        self.localResponder = localResponder
        evidence = EvidenceRoom(
            eventLoop: eventLoop, source: evidenceSource, capacity: settings.limits.waiting)
        requestNames = ReservedNames.requestTable(injected: policy.injectedNames)
        responseNames = ReservedNames.responseTable(injected: policy.injectedNames)
        requestTrailerNames = ReservedNames.requestTrailerTable(injected: policy.injectedNames)
        responseTrailerNames = ReservedNames.responseTrailerTable(injected: policy.injectedNames)
        policyFingerprint = Array(policy.fingerprint.utf8)
        answerHeadLimits = HeadLimits(
            head: settings.limits.head, fields: settings.limits.headerCount,
            target: settings.limits.target)
        let limits = ServingLimits(settings, policy.rules.defaults)
        self.limits = limits
        patience = policy.rules.routes.map { limits.patience($0.timeouts) }
        relaxations = policy.rules.relaxations
        deadlines = Deadlines(
            requestHead: settings.timeouts.requestHead.milliseconds,
            idle: settings.timeouts.idle.milliseconds,
            patience: limits.patience(RouteTimeouts()),
            upstreamIdle: settings.timeouts.upstreamIdle.milliseconds,
            upstreamWait: settings.timeouts.upstreamWait.milliseconds,
            evidence: settings.timeouts.evidence.milliseconds)
        defaultAuthority = Array(settings.upstream.authority.utf8)
        pool = UpstreamPool(
            limit: max(1, settings.share(of: settings.limits.upstreamRequests, loop: loopIndex)),
            waitingLimit: settings.share(of: settings.limits.upstreamWaiting, loop: loopIndex),
            lifetime: settings.timeouts.upstreamLifetime.milliseconds)
        flushes = PendingFlushes(eventLoop)
        accessLog = settings.accessLog.map {
            AccessLog(format: $0, loopIndex: loopIndex, sink: logSink)
        }
    }

    /// Decides by another policy, from the next request on. What is under way keeps its decision.
    func use(_ policy: ServedPolicy, _ keyRing: KeyRing) {
        gatekeeper.use(policy.rules, keyRing, limiter: policy.limiter)
        assertions.use(policy.rules.assertion)
        let limits = ServingLimits(settings, policy.rules.defaults)
        self.limits = limits
        patience = policy.rules.routes.map { limits.patience($0.timeouts) }
        relaxations = policy.rules.relaxations
        requestNames = ReservedNames.requestTable(injected: policy.injectedNames)
        responseNames = ReservedNames.responseTable(injected: policy.injectedNames)
        requestTrailerNames = ReservedNames.requestTrailerTable(injected: policy.injectedNames)
        responseTrailerNames = ReservedNames.responseTrailerTable(injected: policy.injectedNames)
        policyFingerprint = Array(policy.fingerprint.utf8)
    }

    /// Flushes a connection when the loop has handled all that is ready now.
    @inline(__always)
    func flushSoon(_ context: ChannelHandlerContext) { flushes.add(context) }

    func add(_ connection: DownstreamHandler) {
        connection.slot = connections.count
        connections.append(connection)
    }

    /// - Returns: whether one more connection that is shed may be told why; so many in one sweep.
    func claimFarewell() -> Bool {
        farewells += 1
        return farewells <= Self.mostFarewells
    }

    func remove(_ connection: DownstreamHandler) {
        let slot = connection.slot
        guard connections.indices.contains(slot), connections[slot] === connection else { return }
        let last = connections.removeLast()
        if last !== connection {
            last.slot = slot
            connections[slot] = last
        }
        finishDrainIfEmpty()
    }

    /// One pass over everything that can grow too old, a few times a second: cheaper than a timer
    /// for each request, and precise enough for timeouts of seconds.
    func sweep() {
        let now = LoopClock.monotonicMilliseconds()
        // Backwards, because a connection that times out is replaced by the last one.
        for index in connections.indices.reversed() where index < connections.count {
            connections[index].checkDeadline(now)
        }
        farewells = 0
        gatekeeper.forgetExpired(now: LoopClock.unixSeconds())
        assertions.sweep(now: LoopClock.unixSeconds())
        pool.closeOld(idleSince: now - deadlines.upstreamIdle, now: now)
        accessLog?.flush()
    }

    /// Ends idle connections now and busy ones after their answer. Done when no connection is left and
    /// the responder has finished what it was asked.
    func drain() -> EventLoopFuture<Void> {
        isDraining = true
        let promise = eventLoop.makePromise(of: Void.self)
        drained = promise
        for connection in connections { connection.drain() }
        finishDrainIfEmpty()
        return promise.futureResult
    }

    func closeAll() {
        isCutOff = true
        for connection in connections { connection.abort("cut off by the shutdown") }
        pool.closeAll()
        accessLog?.flush()
        finishDrainIfEmpty()
    }

    private func finishDrainIfEmpty() {
        guard isDraining, connections.isEmpty, localExchanges == 0 || isCutOff else { return }
        drained?.succeed()
        drained = nil
    }

    private static let mostFarewells = 32

    static let sweepInterval = TimeAmount.milliseconds(200)
}
