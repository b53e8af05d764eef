extension GateProcess {
    /// Sends each request on a connection of its own, all but the last byte first, and then the last
    /// bytes one right after the other: the gate has them all before it has answered one.
    package func exchangeTogether(
        _ requests: [String], within limit: Duration = .seconds(30)
    ) throws -> [RawResponse] {
        let clients = try requests.map { request in
            let client = try connect()
            try client.send(wireBytes(request).dropLast())
            return client
        }
        for (client, request) in zip(clients, requests) {
            try client.send(wireBytes(request).suffix(1))
        }
        return try clients.map { try $0.response(within: limit) }
    }
}

extension RawConnection {
    fileprivate func send(_ bytes: ArraySlice<UInt8>) throws { try send(Array(bytes)) }
}
