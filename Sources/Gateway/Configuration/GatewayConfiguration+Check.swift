import AccessPolicy
import StrictYAML

extension GatewayConfiguration {
    /// Checks each setting and the rules between them; nil when something went to the sink.
    ///
    /// `environment` serves `PORT` and the data folder's default.
    init?(_ settings: SettingsReader, environment: [String: String]) {
        let before = settings.sink.count
        let listeners = settings.listeners(port: environment["PORT"])
        let trust = TrustConfiguration(settings, listeners: listeners, environment: environment)
        let admin = Self.adminListener(settings, listeners: listeners)
        let upstream = Self.upstream(
            settings, listeners: (listeners ?? []) + (admin.map { [.address($0)] } ?? []))
        let listenerMode = settings.value(Settings.listenerMode)
        let trustedPeers = settings.list(Settings.trustedPeers)
        let threads = settings.value(Settings.threads)
        let limits = Limits(settings)
        let timeouts = Timeouts(settings)
        let webSocket = WebSocket(settings)
        let log = LogSettings(settings)
        guard settings.sink.count == before, let listeners, let listenerMode, let trust,
            let upstream, let trustedPeers, let limits, let timeouts,
            let webSocket, let log
        else { return nil }
        self.listeners = listeners
        self.listenerMode = listenerMode
        self.trust = trust
        self.upstream = upstream
        self.adminListener = admin
        self.trustedPeers = trustedPeers
        self.threads = threads
        self.limits = limits
        self.timeouts = timeouts
        self.webSocket = webSocket
        self.log = log
    }

    private static func adminListener(
        _ settings: SettingsReader, listeners: [Listener]?
    ) -> ListenAddress? {
        guard let listener = settings.value(Settings.adminListener) else { return nil }
        guard listener.isLoopback else {
            settings.report(
                Settings.adminListener,
                "must be a loopback address, because it asks nobody for a token",
                suggestion: "write for example `127.0.0.1:\(listener.port)`")
            return nil
        }
        let isTaken = (listeners ?? []).compactMap(\.address).contains { own in
            listener.port != 0 && own.port == listener.port && isSame(own.host, listener.host)
        }
        guard !isTaken else {
            settings.report(
                Settings.adminListener, "is also one of `listeners`",
                suggestion: "give it a port of its own")
            return nil
        }
        return listener
    }

    private static func upstream(
        _ settings: SettingsReader, listeners: [Listener]
    ) -> Upstream? {
        let names = settings.raw.names(Settings.upstreamURL.description)
        guard let name = names.first else {
            if settings.raw.refusedKeys.contains("upstreams") { return nil }
            settings.sink.report(
                "missing_key", at: nil, "no upstream is set",
                suggestion: "say where your app listens: `--upstream http://127.0.0.1:8050`, or "
                    + "`upstreams: {app: {url: http://127.0.0.1:8050}}` in the configuration file")
            return nil
        }
        guard names.count == 1 else {
            let list = names.map { "`\($0)`" }.joined(separator: ", ")
            settings.report(
                Settings.upstreamURL, name: names.last,
                "is one upstream too many: only one is possible yet, and there are \(list)",
                suggestion: "remove all but one")
            return nil
        }
        guard let endpoint = settings.values(Settings.upstreamURL, name: name)?.first else {
            return nil
        }
        let isOwn = listeners.contains { listener in
            switch (listener, endpoint) {
            case (.address(let own), .address(let host, let port)):
                own.port == port && isSame(own.host, host)
            case (.unix(let own), .unix(let path)): own == path
            default: false
            }
        }
        guard !isOwn else {
            settings.report(
                Settings.upstreamURL, name: name,
                "is one of the gateway's own listeners, so requests would go in circles",
                suggestion: "let the app and the gateway listen on different "
                    + (endpoint.port == nil ? "paths" : "ports"))
            return nil
        }
        return Upstream(name: name, endpoint: endpoint)
    }

    /// Whether an upstream at `host` reaches a listener at `listener`, as far as names tell.
    private static func isSame(_ listener: String, _ host: String) -> Bool {
        func isLoopback(_ name: String) -> Bool {
            name == "localhost" || IPAddress(name)?.isLoopback == true
        }
        if listener == host { return true }
        if listener == "localhost" { return isLoopback(host) }
        if host == "localhost" { return isLoopback(listener) || isAny(listener) }
        return isAny(listener) && isLoopback(host)
    }

    private static func isAny(_ host: String) -> Bool { IPAddress(host)?.isUnspecified == true }
}

// Each value is read before the first is asked for, so that all errors are reported.

extension GatewayConfiguration.Limits {
    fileprivate init?(_ settings: SettingsReader) {
        let head = settings.value(Settings.limitHead)
        let headerCount = settings.value(Settings.limitHeaderCount)
        var target = settings.value(Settings.limitTarget)
        let body = settings.value(Settings.limitBody)
        let bodyRate = settings.value(Settings.limitBodyRate)
        let connections = settings.value(Settings.limitConnections)
        let perAddress = settings.value(Settings.limitConnectionsPerAddress)
        let upstreamRequests = settings.value(Settings.limitUpstreamRequests)
        let upstreamWaiting = settings.value(Settings.limitUpstreamWaiting)
        // Who lowers only the head must not be told to lower what is nowhere to be seen.
        if settings.raw.value(Settings.limitTarget.description.path.dotted()) == nil, let head {
            target = target.map { min($0, head) }
        }
        guard let head, let headerCount, let target, let body, let bodyRate, let connections,
            let perAddress, let upstreamRequests, let upstreamWaiting
        else { return nil }
        guard target <= head else {
            settings.report(
                Settings.limitTarget,
                "must not be greater than `limits.head`, which is "
                    + "`\(Quantity.describe(bytes: head))`, because the head holds the target")
            return nil
        }
        self.init(
            head: head, headerCount: headerCount, target: target, body: body,
            bodyRate: bodyRate, connections: connections, connectionsPerAddress: perAddress,
            upstreamRequests: upstreamRequests, upstreamWaiting: upstreamWaiting)
    }
}

extension GatewayConfiguration.Timeouts {
    fileprivate init?(_ settings: SettingsReader) {
        let requestHead = settings.value(Settings.timeoutRequestHead)
        let idle = settings.value(Settings.timeoutIdle)
        let connect = settings.value(Settings.timeoutConnect)
        let responseHead = settings.value(Settings.timeoutResponseHead)
        let streamIdle = settings.value(Settings.timeoutStreamIdle)
        let upstreamIdle = settings.value(Settings.timeoutUpstreamIdle)
        let upstreamLifetime = settings.value(Settings.timeoutUpstreamLifetime)
        let upstreamWait = settings.value(Settings.timeoutUpstreamWait)
        let shutdown = settings.value(Settings.timeoutShutdown)
        guard let requestHead, let idle, let connect, let responseHead, let streamIdle,
            let upstreamIdle, let upstreamLifetime, let upstreamWait, let shutdown
        else { return nil }
        self.init(
            requestHead: requestHead, idle: idle, connect: connect, responseHead: responseHead,
            streamIdle: streamIdle, upstreamIdle: upstreamIdle,
            upstreamLifetime: upstreamLifetime, upstreamWait: upstreamWait, shutdown: shutdown)
    }
}

extension GatewayConfiguration.WebSocket {
    fileprivate init?(_ settings: SettingsReader) {
        let pingInterval = settings.value(Settings.webSocketPingInterval)
        let idle = settings.value(Settings.webSocketIdle)
        let maxAge = settings.value(Settings.webSocketMaxAge)
        guard let pingInterval, let idle, let maxAge else { return nil }
        self.init(pingInterval: pingInterval, idle: idle, maxAge: maxAge)
    }
}

extension LogSettings {
    fileprivate init?(_ settings: SettingsReader) {
        let level = settings.value(Settings.logLevel)
        let format = settings.value(Settings.logFormat)
        let access = settings.value(Settings.logAccess)
        guard let level, let format, let access else { return nil }
        self.init(level: level, format: format, access: access)
    }
}
