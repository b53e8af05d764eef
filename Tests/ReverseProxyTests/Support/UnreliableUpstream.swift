import Foundation
import TestSupport

/// An upstream that answers in all the ways an upstream should not, until it is told to behave.
final class UnreliableUpstream: Sendable {
    let port: UInt16
    private let listener: Socket
    private let random: Locked<SeededGenerator>
    private let behaves = Locked(false)

    init(_ random: SeededGenerator) throws {
        let listener = try Socket.listen()
        self.listener = listener
        port = listener.localPort
        self.random = Locked(random)
        Thread.detachNewThread { [weak self] in
            while let connection = listener.accept() {
                guard let self else { return }
                Thread.detachNewThread { try? self.serve(connection) }
            }
        }
    }

    deinit { listener.disconnect() }

    /// From now on each request is answered with 200.
    func behave() { behaves.withLock { $0 = true } }

    private func serve(_ socket: Socket) throws {
        while try socket.receive(by: .after(.seconds(20))) != nil {
            if behaves.withLock({ $0 }) {
                try send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", socket)
                continue
            }
            let (parts, pause, closes) = random.withLock { random in
                let answer = wireBytes(random.pick(Self.answers))
                return (
                    random.cut(answer, longest: random.pick([3, 40, 4_000])),
                    UInt32(random.pick([0, 0, 0, 5_000])), random.pick([false, false, true])
                )
            }
            for part in parts {
                try socket.send(part, by: .after(.seconds(5)))
                if pause > 0 { usleep(pause) }
            }
            // Without `disconnect` unread bytes make this a reset.
            if closes { return }
        }
    }

    private func send(_ text: String, _ socket: Socket) throws {
        try socket.send(wireBytes(text), by: .after(.seconds(5)))
    }

    private static let answers = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\nmore",
        "HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\nshort", "HTTP/1.1 200 OK\r\n\r\nuntil close",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nbad", "HTTP/1.1 2", "",
        "this was never an answer\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + String(repeating: "x", count: 40_000),
    ]
}
