package import AccessPolicy
private import NIOCore

/// What the data plane needs to know; checked by whoever makes it, never again while serving.
package struct ProxySettings: Sendable {
    package struct Address: Sendable, Equatable {
        /// A name or an address, without brackets.
        package var host: String
        package var port: Int

        package init(host: String, port: Int) {
            self.host = host
            self.port = port
        }
    }

    package struct Limits: Sendable {
        /// Bytes of a head, request's or answer's.
        package var head = 64 << 10
        package var headerCount = 200
        /// Bytes of a request target.
        package var target = 16 << 10
        /// Bytes of a request body.
        package var body: Int64 = 32 << 20
        /// Bytes of a request body for one of the gateway's own endpoints: forms, nothing else.
        package let localBody: Int64 = 64 << 10
        /// Requests for own endpoints that an event loop has under way.
        package let localExchanges = 256
        /// Requests that may wait on an event loop for evidence, such as keys that are being fetched.
        package var waiting = 4096
        /// Open client connections in all.
        package var connections = 10_000

        package init() {}
    }

    package struct Timeouts: Sendable {
        /// From a request's first byte to the end of its head.
        package var requestHead = Duration.seconds(10)
        /// Between two requests of a client connection.
        package var idle = Duration.seconds(75)
        package var connect = Duration.seconds(2)
        /// From the request to the head of its answer.
        package var responseHead = Duration.seconds(60)
        /// How long a request may wait for evidence before it is decided on what is known.
        package let evidence = Duration.seconds(2)
        /// Between two pieces of a body, either way.
        package var streamIdle = Duration.seconds(300)
        /// How long an unused upstream connection is kept.
        package var upstreamIdle = Duration.seconds(60)

        package init() {}
    }

    package var listeners: [Address]
    package var upstream: Address
    /// Event loops.
    package var threads: Int
    package var limits = Limits()
    package var timeouts = Timeouts()
    package var trustedPeers: [CIDR] = []
    /// nil: exchanges are not logged.
    package var accessLog: AccessLogFormat?

    package init(listeners: [Address], upstream: Address, threads: Int) {
        self.listeners = listeners
        self.upstream = upstream
        self.threads = threads
    }
}

extension ProxySettings {
    /// Cores that this process may run on: fewer than the machine has under `taskset`, or in a
    /// container with a share of them.
    package static var usableCores: Int { System.coreCount }
}

extension ProxySettings.Address {
    /// As in a URL: an IPv6 address in brackets.
    package var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
