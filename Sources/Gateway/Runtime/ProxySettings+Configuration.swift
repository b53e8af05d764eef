internal import ReverseProxy

extension ProxySettings {
    /// The data plane's share of the configuration.
    init(_ configuration: GatewayConfiguration) {
        let endpoint = configuration.upstream.endpoint
        self.init(
            listeners: configuration.listeners.map { Address(host: $0.host, port: $0.port) },
            upstream: Address(host: endpoint.host, port: endpoint.port),
            threads: configuration.threads ?? Self.usableCores)
        limits.head = configuration.limits.head
        limits.headerCount = configuration.limits.headerCount
        limits.target = configuration.limits.target
        limits.body = Int64(configuration.limits.body)
        limits.connections = configuration.limits.connections
        timeouts.requestHead = configuration.timeouts.requestHead
        timeouts.idle = configuration.timeouts.idle
        timeouts.connect = configuration.timeouts.connect
        timeouts.responseHead = configuration.timeouts.responseHead
        timeouts.streamIdle = configuration.timeouts.streamIdle
        timeouts.upstreamIdle = configuration.timeouts.upstreamIdle
        trustedPeers = configuration.trustedPeers
        if configuration.log.access, configuration.log.level.admits(.info) {
            accessLog = configuration.log.format == .json ? .json : .text
        }
    }
}
