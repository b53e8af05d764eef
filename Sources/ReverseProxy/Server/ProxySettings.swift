package import AccessPolicy
private import NIOCore

/// What the data plane needs to know; checked by whoever makes it, never again while serving.
package struct ProxySettings: Sendable {
    package enum Address: Sendable, Equatable {
        /// A name or an address, without brackets.
        case internet(host: String, port: Int)
        /// The absolute path of a Unix socket.
        case unix(path: String)

        package init(host: String, port: Int) { self = .internet(host: host, port: port) }

        /// 0 for a Unix socket, which has none.
        package var port: Int {
            if case .internet(_, let port) = self { port } else { 0 }
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
        /// Open client connections from one IPv4 address or one IPv6 /64, trusted peers excepted.
        package var connectionsPerAddress = 2000
        /// Bytes per second below which a request's body is cut off; 0: never.
        package var bodyRate: Int64 = 256
        /// Requests that the upstream has in hand, and so connections to it.
        package var upstreamRequests = 4096
        /// Requests beyond those that may wait a moment.
        package var upstreamWaiting = 256

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
        package var streamIdle = Duration.seconds(900)
        /// How long an unused upstream connection is kept.
        package var upstreamIdle = Duration.seconds(60)
        /// After how long an upstream connection is used for no further request.
        package var upstreamLifetime = Duration.seconds(600)
        /// How long a request may wait for an upstream connection to come free.
        package var upstreamWait = Duration.seconds(1)

        package init() {}
    }

    /// How long WebSockets may live.
    package struct WebSockets: Sendable {
        /// From the last frame to a ping for the client; zero: none is sent.
        package var pingInterval = Duration.seconds(30)
        /// Longest time without a frame of either endpoint.
        package var idle = Duration.seconds(3600)
        package var maxAge = Duration.seconds(86_400)

        package init() {}
    }

    package var listeners: [Address]
    package var upstream: Address
    /// Who may connect to Unix sockets among `listeners`: permission bits.
    package var listenerMode: UInt32 = 0o660
    /// Event loops.
    package var threads: Int
    package var limits = Limits()
    package var timeouts = Timeouts()
    package var webSockets = WebSockets()
    package var trustedPeers: [CIDR] = []
    /// Addresses of a name, in place of the system's resolver; called on event loops.
    package typealias LookUp = @Sendable (String) -> [String]
    package var lookUp: LookUp?
    /// nil: exchanges are not logged.
    package var accessLog: AccessLogFormat?

    package init(listeners: [Address], upstream: Address, threads: Int) {
        self.listeners = listeners
        self.upstream = upstream
        self.threads = threads
    }
}

extension ProxySettings {
    /// The part of a number of things that one event loop may have: all parts together are all things.
    func share(of count: Int, loop index: Int) -> Int {
        count / threads + (index < count % threads ? 1 : 0)
    }

    /// Cores that this process may run on: fewer than the machine has under `taskset`, or in a
    /// container with a share of them.
    package static var usableCores: Int { System.coreCount }
}

extension ProxySettings.Address {
    /// As in a URL, an IPv6 address in brackets; or `unix:` and the path.
    package var text: String {
        switch self {
        case .internet(let host, let port):
            host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }

    /// What to write into `Host` where the client said none.
    var authority: String {
        if case .unix = self { "localhost" } else { text }
    }

    /// Where a browser on this machine would go; nil where no URL leads.
    package var url: String? {
        if case .unix = self { nil } else { "http://\(text)" }
    }
}
