/// How often the issuer's key server has been asked for the key set; it tells on its control port.
enum KeyServerCount {
    static func fetches(port: UInt16) throws -> Int {
        let connection = try Connection(port: port)
        try connection.send(Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
        let end = MonotonicClock.now() + 10_000_000_000
        while MonotonicClock.now() < end {
            let isOpen = try connection.receive()
            if let answer = connection.nextMessage() {
                // The server writes a list of requests, each with its path.
                return answer.body.ranges(of: Array("\"path\": \"/jwks\"".utf8)).count
            }
            guard isOpen else { break }
        }
        throw FloodProblem("the key server does not tell what it has been asked for")
    }
}
