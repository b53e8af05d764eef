/// Clients with a good token: so many requests in a second, whether the gateway keeps up or not.
struct GoodClients {
    private struct Client {
        let connection: Connection
        /// When the request that is under way was due; nil: none is.
        var due: Int64?
    }

    /// Nanoseconds from the time that a request was due to its answer; so a gateway that stands still
    /// is charged with all whom it keeps waiting.
    private(set) var latencies: [Int64] = []
    /// How often each status was seen, ever.
    private(set) var statuses: [Int: Int] = [:]
    private var clients: [Client] = []
    private var polled = PollSet()
    private var schedule: Schedule
    private let request: [UInt8]

    static let perSecond = 1_000

    init(port: UInt16, request: [UInt8]) throws {
        self.request = request
        schedule = Schedule(perSecond: Self.perSecond)
        for _ in 0..<4 {
            let connection = try Connection(port: port)
            clients.append(Client(connection: connection))
            polled.add(connection.descriptor)
        }
    }

    /// Begins to send, with no times so far.
    mutating func start(at now: Int64) {
        latencies.removeAll(keepingCapacity: true)
        schedule.start(at: now)
    }

    /// Sends no more, but still waits for answers.
    mutating func stop() { schedule.stop() }

    var isWaiting: Bool { clients.contains { $0.due != nil } }

    mutating func turn() throws {
        if polled.ask() > 0 {
            for index in clients.indices where polled.isReady(index) { try receive(index) }
        }
        guard schedule.isDue(at: MonotonicClock.now()),
            let free = clients.firstIndex(where: { $0.due == nil })
        else { return }
        clients[free].due = schedule.take()
        try clients[free].connection.send(request)
    }

    private mutating func receive(_ index: Int) throws {
        let isOpen = try clients[index].connection.receive()
        while let answer = clients[index].connection.nextMessage() {
            guard let due = clients[index].due else { throw FloodProblem("an answer too many") }
            latencies.append(MonotonicClock.now() - due)
            clients[index].due = nil
            statuses[answer.status, default: 0] += 1
        }
        guard isOpen else { throw FloodProblem("the gateway closed a good client's connection") }
    }
}

/// When something is due that happens so many times in a second: once in each of its slots, but at
/// any time in it, so that two schedules never keep step.
struct Schedule {
    private let slot: Int64
    private var slotStart: Int64 = 0
    /// Nil: never.
    private var due: Int64?

    init(perSecond: Int) { slot = 1_000_000_000 / Int64(perSecond) }

    mutating func start(at now: Int64) {
        slotStart = now
        due = now + Int64.random(in: 0..<slot)
    }

    mutating func stop() { due = nil }

    func isDue(at now: Int64) -> Bool { due.map { $0 <= now } ?? false }

    /// - Returns: when what is done now was due.
    mutating func take() -> Int64? {
        defer {
            slotStart += slot
            due = slotStart + Int64.random(in: 0..<slot)
        }
        return due
    }
}
