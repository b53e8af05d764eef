/// A WebSocket between a client and the app, as a state machine over bytes: what of them goes on, when a
/// frame of ours may be put in, and when it is time for one. It changes no byte and judges no frame.
struct Tunnel {
    /// What becomes of the next bytes from the client.
    enum Piece: Equatable {
        /// They go on as they are.
        case pass(Range<Int>)
        /// Bytes that were held back go on now.
        case release([UInt8])
        /// All are used up.
        case end
    }

    /// What is to be done now.
    enum Due: Equatable {
        case nothing(until: Int64)
        /// A frame for the client.
        case ping([UInt8])
        case end(TunnelEnd)
    }

    private let rules: TunnelRules
    private var fromClient: FrameFollower
    private var fromApp: FrameFollower
    private var pings: OwnPings
    /// The beginning of a pong that may be the answer to a ping of ours: never more than one control frame.
    private var held: [UInt8] = []
    private var lastTraffic: Int64
    private var lastPing: Int64
    /// Whether one of the two has finished sending.
    private(set) var clientHasEnded = false
    private(set) var appHasEnded = false
    /// Why it is to end, as soon as no frame is cut through.
    private(set) var ending: TunnelEnd?

    /// `mark` is a random number, for our pings; `now` the loop clock, milliseconds.
    init(_ rules: TunnelRules, hasExtensions: Bool, mark: UInt64, now: Int64) {
        self.rules = rules
        fromClient = FrameFollower(isMasked: true, allowsReservedBits: hasExtensions)
        fromApp = FrameFollower(isMasked: false, allowsReservedBits: hasExtensions)
        pings = OwnPings(mark: mark)
        lastTraffic = now
        lastPing = now
    }

    // MARK: - Bytes

    /// Told once for bytes that have arrived, from either side.
    mutating func received(at now: Int64) { lastTraffic = now }

    /// Says what becomes of the client's bytes at and behind `index`, and moves it on. To be asked until
    /// the end.
    mutating func fromClient(_ bytes: Span<UInt8>, from index: inout Int) -> Piece {
        let start = index
        if held.isEmpty, !pings.isAwaited {
            guard start < bytes.count else { return .end }
            while index < bytes.count { index = fromClient.followFrame(bytes, from: index) }
            return .pass(start..<index)
        }
        while index < bytes.count {
            let begins = held.isEmpty && fromClient.isAtBoundary
            if begins, bytes[index] == Self.pong {
                if index > start { return .pass(start..<index) }
            } else if held.isEmpty {
                index = fromClient.followFrame(bytes, from: index)
                continue
            }
            let next = fromClient.followFrame(bytes, from: index)
            for position in index..<next { held.append(bytes[position]) }
            index = next
            if fromClient.isAtBoundary {
                if !pings.isAnswer(held) { return .release(takeHeld()) }
                held = []
                return index < bytes.count ? fromClient(bytes, from: &index) : .end
            }
            if fromClient.isLost { return .release(takeHeld()) }
        }
        return index > start && held.isEmpty ? .pass(start..<index) : .end
    }

    /// How many of the app's bytes go on to the client. Fewer than all where the tunnel has waited for the
    /// end of a frame to end itself.
    mutating func fromApp(_ bytes: Span<UInt8>) -> Int {
        guard ending != nil else {
            fromApp.follow(bytes)
            return bytes.count
        }
        return fromApp.isAtBoundary ? 0 : fromApp.followFrame(bytes, from: 0)
    }

    /// The client has finished sending.
    ///
    /// - Returns: what was held back.
    mutating func clientEnded() -> [UInt8] {
        clientHasEnded = true
        return takeHeld()
    }

    mutating func appEnded() { appHasEnded = true }

    private mutating func takeHeld() -> [UInt8] {
        defer { held = [] }
        return held
    }

    // MARK: - Times

    /// What is to be done at `now`; to be asked again when it is over, or has been done.
    mutating func due(_ now: Int64) -> Due {
        if let ending { return .end(ending) }
        if now >= rules.endsAt { return .end(rules.lastWord) }
        let idleEnd = lastTraffic + (isHalfOpen ? min(rules.idle, Self.halfOpenIdle) : rules.idle)
        if now >= idleEnd { return .end(.idle) }
        let end = min(rules.endsAt, idleEnd)
        guard let pause = rules.pingsAfter, !isHalfOpen, !fromApp.hasClosed, !fromApp.isLost else {
            return .nothing(until: end)
        }
        let next = max(lastTraffic, lastPing) + pause
        if now < next { return .nothing(until: min(end, next)) }
        lastPing = now
        // Silent inside a frame: there is no place for a ping, and none is missed.
        guard fromApp.isAtBoundary else { return .nothing(until: min(end, now + pause)) }
        return .ping(pings.next())
    }

    private var isHalfOpen: Bool { clientHasEnded || appHasEnded }

    // MARK: - Ending

    /// Whether a close frame can be sent now, or there is no point in waiting for a place for one.
    var mayEnd: Bool { fromApp.isAtBoundary || fromApp.isLost || appHasEnded }

    /// From now on the app's bytes go on to the end of the frame at hand only.
    mutating func end(_ reason: TunnelEnd) { ending = reason }

    /// The close frame for the client; nil where none may be sent.
    func lastFrameForClient(_ end: TunnelEnd) -> [UInt8]? {
        fromApp.isAtBoundary && !fromApp.hasClosed && !appHasEnded ? end.frame : nil
    }

    /// The close frame for the app; nil where none may be sent.
    func lastFrameForApp(_ end: TunnelEnd, mask: UInt32) -> [UInt8]? {
        fromClient.isAtBoundary && !fromClient.hasClosed && !clientHasEnded
            ? end.frame(maskedWith: mask) : nil
    }

    private static let pong: UInt8 = 0x8A
    /// Milliseconds. One side has gone, and the other has nothing left to say.
    private static let halfOpenIdle: Int64 = 30_000
}
