package import AccessPolicy

/// The checked form of `ostiary.yaml`, environment and flags: every value is in range and of its own
/// type, so nothing of it is checked again while requests are served.
package struct GatewayConfiguration: Sendable {
    /// Never empty.
    package let listeners: [Listener]
    /// The mode of Unix sockets among them.
    package let listenerMode: FileMode
    /// Whose tokens count, by which rules and keys.
    package let trust: TrustConfiguration
    package let upstream: Upstream
    /// Where the gateway tells of itself: loopback, and none of `listeners`; nil: nowhere.
    package let adminListener: ListenAddress?
    /// Whose `X-Forwarded-*` are believed.
    package let trustedPeers: [CIDR]
    /// Event loops; nil: one per core.
    package let threads: Int?
    package let limits: Limits
    package let timeouts: Timeouts
    package let webSocket: WebSocket
    package let log: LogSettings

    package struct Upstream: Sendable, Equatable {
        package let name: String
        package let endpoint: UpstreamEndpoint
    }

    /// Sizes in bytes.
    package struct Limits: Sendable, Equatable {
        /// Request line and fields together.
        package let head: Int
        /// Fields in a request.
        package let headerCount: Int
        /// Path and query; at most `head`.
        package let target: Int
        /// Request body.
        package let body: Int
        /// Request body per second; 0: however slow.
        package let bodyRate: Int
        /// Client connections at one time.
        package let connections: Int
        /// Of one IPv4 address or IPv6 /64.
        package let connectionsPerAddress: Int
        /// Requests that the upstream has in hand.
        package let upstreamRequests: Int
        /// Requests that wait for it.
        package let upstreamWaiting: Int
    }

    package struct Timeouts: Sendable, Equatable {
        package let requestHead: Duration
        package let idle: Duration
        package let connect: Duration
        package let responseHead: Duration
        package let streamIdle: Duration
        package let upstreamIdle: Duration
        package let upstreamLifetime: Duration
        package let upstreamWait: Duration
        package let shutdown: Duration
    }

    package struct WebSocket: Sendable, Equatable {
        /// From the last frame to a ping; zero: none is sent.
        package let pingInterval: Duration
        package let idle: Duration
        package let maxAge: Duration
    }
}

/// What it takes to make and verify tokens and to keep accounts without serving: the part of the
/// configuration that the commands `token`, `user` and `role` share with `serve`.
package struct TrustConfiguration: Sendable {
    /// How clients reach the gateway; the issuer of its own tokens is its description.
    package let publicURL: HTTPOrigin
    /// Nil: the built-in policy.
    package let policy: ConfiguredFile?
    /// The folder that holds the gateway's own signing keys and accounts; may not exist yet.
    package let dataFolder: ConfiguredFile
    /// Where the keys of the policy's issuers come from, in order of their names.
    package let issuers: [IssuerKeys]
    /// How accounts and sessions of the embedded issuer behave.
    package let accounts: AccountSettings
    /// How identity assertions are signed.
    package let assertion: AssertionSettings
}

extension GatewayConfiguration {
    package var publicURL: HTTPOrigin { trust.publicURL }
}
