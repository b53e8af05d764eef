/// Clients whose tokens name keys that nobody has.
struct Flood {
    /// How the requests come.
    struct Shape {
        let connections: Int
        /// Requests that are sent at once.
        let batch: Int

        /// A request at a time on each connection.
        static let paced = Shape(connections: 20, batch: 1)
        /// As many as fit into one packet.
        static let pipelined = Shape(connections: 1, batch: 50)
    }

    /// How often each status was seen, ever.
    private(set) var statuses: [Int: Int] = [:]
    private(set) var sent = 0
    private let shape: Shape
    private var forged: ForgedRequests
    private var schedule: Schedule
    private var connections: [Connection] = []
    /// For each connection, answers that have not come yet.
    private var awaited: [Int]
    /// The connection that is looked at next.
    private var turn = 0
    private var lastSent: Int64 = 0
    /// What is sent next; put together while there is nothing else to do.
    private var prepared: [UInt8] = []
    private var preparedCount = 0

    static let perSecond = 10_000

    init(_ shape: Shape, port: UInt16, _ forged: ForgedRequests) throws {
        self.shape = shape
        self.forged = forged
        schedule = Schedule(perSecond: Self.perSecond / shape.batch)
        awaited = Array(repeating: 0, count: shape.connections)
        for _ in 0..<shape.connections { connections.append(try Connection(port: port)) }
    }

    mutating func start(at now: Int64) { schedule.start(at: now) }

    /// Sends no more, but still waits for answers.
    mutating func stop() { schedule.stop() }

    var isWaiting: Bool { awaited.contains { $0 > 0 } }

    mutating func turn(isActive: Bool) throws {
        turn = (turn + 1) % connections.count
        if awaited[turn] > 0 { try receive(turn) }
        guard isActive else { return }
        if preparedCount < shape.batch {
            forged.append(to: &prepared)
            preparedCount += 1
            return
        }
        let now = MonotonicClock.now()
        // What the machine has kept us from sending is made up for, but never in one go.
        guard schedule.isDue(at: now), now - lastSent >= 30_000 * Int64(shape.batch),
            let free = awaited.indices.first(where: { awaited[(turn + $0) % awaited.count] == 0 })
        else { return }
        try send(on: (turn + free) % connections.count)
        lastSent = now
        _ = schedule.take()
    }

    private mutating func send(on index: Int) throws {
        try connections[index].send(prepared)
        awaited[index] = shape.batch
        sent += shape.batch
        prepared.removeAll(keepingCapacity: true)
        preparedCount = 0
    }

    private mutating func receive(_ index: Int) throws {
        let connection = connections[index]
        try connection.sendRest()
        let isOpen = try connection.receive()
        while let answer = connection.nextMessage() {
            statuses[answer.status, default: 0] += 1
            awaited[index] -= 1
        }
        guard isOpen else { throw FloodProblem("the gateway closed a connection of the flood") }
    }
}
