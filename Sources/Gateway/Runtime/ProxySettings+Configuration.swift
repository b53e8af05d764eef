internal import ReverseProxy

extension ProxySettings {
    /// The data plane's share of the configuration.
    init(_ configuration: GatewayConfiguration) {
        self.init(
            listeners: configuration.listeners.map(Address.init),
            upstream: Address(configuration.upstream.endpoint),
            threads: configuration.threads ?? Self.usableCores)
        listenerMode = configuration.listenerMode.bits
        limits.head = configuration.limits.head
        limits.headerCount = configuration.limits.headerCount
        limits.target = configuration.limits.target
        limits.body = Int64(configuration.limits.body)
        limits.bodyRate = Int64(configuration.limits.bodyRate)
        limits.connections = configuration.limits.connections
        limits.connectionsPerAddress = configuration.limits.connectionsPerAddress
        limits.upstreamRequests = configuration.limits.upstreamRequests
        limits.upstreamWaiting = configuration.limits.upstreamWaiting
        timeouts.requestHead = configuration.timeouts.requestHead
        timeouts.idle = configuration.timeouts.idle
        timeouts.connect = configuration.timeouts.connect
        timeouts.responseHead = configuration.timeouts.responseHead
        timeouts.streamIdle = configuration.timeouts.streamIdle
        timeouts.upstreamIdle = configuration.timeouts.upstreamIdle
        timeouts.upstreamLifetime = configuration.timeouts.upstreamLifetime
        timeouts.upstreamWait = configuration.timeouts.upstreamWait
        webSockets.pingInterval = configuration.webSocket.pingInterval
        webSockets.idle = configuration.webSocket.idle
        webSockets.maxAge = configuration.webSocket.maxAge
        trustedPeers = configuration.trustedPeers
        if configuration.log.access, configuration.log.level.admits(.info) {
            accessLog = configuration.log.format == .json ? .json : .text
        }
    }
}

extension ProxySettings.Address {
    fileprivate init(_ listener: Listener) {
        switch listener {
        case .address(let address): self.init(host: address.host, port: address.port)
        case .unix(let path): self = .unix(path: path.path)
        }
    }

    fileprivate init(_ endpoint: UpstreamEndpoint) {
        switch endpoint {
        case .address(let host, let port): self.init(host: host, port: port)
        case .unix(let path): self = .unix(path: path.path)
        }
    }
}
