import Glibc

/// The app behind the gateway: answers everything with the same kibibyte.
struct Upstream {
    private let listener: Int32
    private var connections: [Connection] = []
    /// The listener, then the connections.
    private var polled = PollSet()
    private let answer: [UInt8]

    init(port: UInt16) throws {
        listener = try Loopback.listen(port: port)
        polled.add(listener)
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n"
        answer = Array(head.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: 1024)
    }

    mutating func turn() throws {
        guard polled.ask() > 0 else { return }
        for index in connections.indices.reversed() where polled.isReady(index + 1) {
            let connection = connections[index]
            let isOpen = try connection.receive()
            while connection.nextMessage() != nil { try connection.send(answer) }
            guard !isOpen else { continue }
            connections.remove(at: index)
            polled.remove(at: index + 1)
        }
        guard polled.isReady(0) else { return }
        let accepted = accept(listener, nil, nil)
        guard accepted >= 0 else { return }
        connections.append(Connection(accepted: accepted))
        polled.add(accepted)
    }
}
