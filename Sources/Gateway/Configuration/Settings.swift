import AccessPolicy
import TokenIssuing

/// Every setting of `ostiary.yaml`, in the order of its reference.
package enum Settings {
    package static let all: [SettingDescription] =
        [
            version.description, listeners.description, listenerMode.description,
            publicURL.description, upstreamURL.description, policy.description, data.description,
        ] + issuers + [
            adminListener.description, trustedPeers.description, threads.description,
            limitHead.description, limitHeaderCount.description, limitTarget.description,
            limitBody.description, limitBodyRate.description, limitConnections.description,
            limitConnectionsPerAddress.description, limitUpstreamRequests.description,
            limitUpstreamWaiting.description,
            timeoutRequestHead.description, timeoutIdle.description, timeoutConnect.description,
            timeoutResponseHead.description, timeoutStreamIdle.description,
            timeoutUpstreamIdle.description, timeoutUpstreamLifetime.description,
            timeoutUpstreamWait.description, timeoutShutdown.description,
            webSocketPingInterval.description, webSocketIdle.description,
            webSocketMaxAge.description,
            registrationMode.description, registrationDefaultRoles.description,
            passwordMinimum.description, sessionAccessToken.description, sessionIdle.description,
            sessionLifetime.description, sessionTokenClaims.description,
            assertionKeys.description, assertionRotation.description,
            logLevel.description, logFormat.description, logAccess.description,
        ]

    static let version = Setting<Int>(
        description: SettingDescription(
            path: SettingPath("version"), type: "`1`", isFileOnly: true,
            defaultNote: "required in a file",
            meaning: "The version of this schema; a change that breaks files raises it.",
            example: "1")
    ) { text throws(SettingProblem) in
        guard text == "1" else {
            throw SettingProblem(message: "must be `1`, not `\(text)`")
        }
        return 1
    }

    static let listeners = Setting<Listener>.value(
        "listeners", list: true, defaults: ["127.0.0.1:8080"], example: "127.0.0.1:9090",
        "Where to accept connections; `PORT` replaces the port of the first.")

    static let listenerMode = Setting<FileMode>.value(
        "listener_mode", defaults: ["0660"], example: "0600",
        "Who may connect to Unix sockets among the listeners: their permission bits.")

    static let publicURL = Setting<HTTPOrigin>.value(
        "public_url", note: "the first listener, if all are loopback",
        example: "https://app.example.com",
        "What browsers and clients use to reach the gateway, and the issuer of its own tokens; "
            + "required as soon as a listener is not loopback.")

    static let upstreamURL = Setting<UpstreamEndpoint>.value(
        "upstreams.<name>.url", note: "required", example: "http://app.internal:8050",
        "Where the protected app listens; exactly one upstream.")

    static let policy = Setting<WrittenPath>.value(
        "policy", note: "the built-in policy", example: "policy.yaml",
        "The policy file: who may do what.")

    static let data = Setting<WrittenPath>.value(
        "data", note: "`$XDG_DATA_HOME/ostiary`, else `~/.local/share/ostiary`",
        example: "state",
        "The data folder with the gateway's own signing keys and accounts; created with mode 0700.")

    static let adminListener = Setting<ListenAddress>.value(
        "admin.listener", note: "none", example: "127.0.0.1:9091",
        "Where the gateway tells of itself (state and metrics); a loopback address.")

    static let trustedPeers = Setting<CIDR>.value(
        "trusted_peers", list: true, note: "none", example: "10.0.0.0/8",
        "Address ranges of proxies in front of the gateway, whose `X-Forwarded-*` are believed.")

    static let threads = Setting<Int>.count(
        "threads", default: nil, note: "one per core", in: 1...256, example: "2",
        "How many event loops carry requests.")

    static let limitHead = Setting<Int>.size(
        "limits.head", default: "64KiB", in: 1024...(1 << 20), example: "32KiB",
        "Largest request line and fields together.")

    static let limitHeaderCount = Setting<Int>.count(
        "limits.header_count", default: 200, in: 10...10_000, example: "100",
        "Most fields in a request.")

    static let limitTarget = Setting<Int>.size(
        "limits.target", default: "16KiB", in: 256...(1 << 20), example: "8KiB",
        "Longest request target (path and query); at most `limits.head`, to which the default is "
            + "lowered.")

    static let limitBody = Setting<Int>.size(
        "limits.body", default: "32MiB", in: 0...(1 << 40), example: "1MiB",
        "Largest request body.")

    static let limitBodyRate = Setting<Int>.size(
        "limits.body_rate", default: "256", in: 0...(1 << 30), example: "1KiB",
        "Fewest bytes of a request body per second; `0` asks for none.")

    static let limitConnections = Setting<Int>.count(
        "limits.connections", default: 10_000, in: 1...1_000_000, example: "500",
        "Most client connections at one time.")

    static let limitConnectionsPerAddress = Setting<Int>.count(
        "limits.connections_per_address", default: 2000, in: 1...1_000_000, example: "50",
        "Most of them from one IPv4 address or one IPv6 /64, `trusted_peers` excepted.")

    static let limitUpstreamRequests = Setting<Int>.count(
        "limits.upstream_requests", default: 4096, in: 1...1_000_000, example: "40",
        "Most requests that the upstream has in hand at one time, and most connections to it.")

    static let limitUpstreamWaiting = Setting<Int>.count(
        "limits.upstream_waiting", default: 256, in: 0...1_000_000, example: "10",
        "Most requests beyond those that wait for one of them to be answered.")

    static let timeoutRequestHead = Setting<Duration>.duration(
        "timeouts.request_head", default: "10s", in: .milliseconds(100)...(.seconds(600)),
        example: "5s", "Longest time for a request's head to arrive.")

    static let timeoutIdle = Setting<Duration>.duration(
        "timeouts.idle", default: "75s", in: .seconds(1)...(.seconds(86_400)), example: "30s",
        "How long a client connection may wait for its next request.")

    static let timeoutConnect = Setting<Duration>.duration(
        "timeouts.connect", default: "2s", in: .milliseconds(10)...(.seconds(300)),
        example: "1s", "Longest time to connect to the upstream.")

    static let timeoutResponseHead = Setting<Duration>.duration(
        "timeouts.response_head", default: "60s", in: .milliseconds(100)...(.seconds(86_400)),
        example: "90s", "Longest time for the upstream's response to begin.")

    static let timeoutStreamIdle = Setting<Duration>.duration(
        "timeouts.stream_idle", default: "15m", in: .seconds(1)...(.seconds(604_800)),
        example: "10m", "Longest silence inside a request or response body.")

    static let timeoutUpstreamIdle = Setting<Duration>.duration(
        "timeouts.upstream_idle", default: "60s", in: .seconds(1)...(.seconds(86_400)),
        example: "20s", "How long an unused upstream connection is kept.")

    static let timeoutUpstreamLifetime = Setting<Duration>.duration(
        "timeouts.upstream_lifetime", default: "10m", in: .seconds(1)...(.seconds(604_800)),
        example: "1m", "After how long an upstream connection is used for no further request.")

    static let timeoutUpstreamWait = Setting<Duration>.duration(
        "timeouts.upstream_wait", default: "1s", in: .milliseconds(10)...(.seconds(60)),
        example: "3s", "How long a request waits while the upstream has `limits.upstream_requests`."
    )

    static let timeoutShutdown = Setting<Duration>.duration(
        "timeouts.shutdown", default: "10s", in: .zero ... .seconds(3600), example: "3s",
        "How long exchanges may finish after the signal to stop.")

    static let webSocketPingInterval = Setting<Duration>.duration(
        "websocket.ping_interval", default: "30s", in: .zero ... .seconds(3600), example: "20s",
        "How long a WebSocket may be silent before the client is sent a ping; `0s`: none is sent.")

    static let webSocketIdle = Setting<Duration>.duration(
        "websocket.idle", default: "1h", in: .seconds(1)...(.seconds(604_800)), example: "10m",
        "Longest time without a frame from either end of a WebSocket; pings of the gateway do not count."
    )

    static let webSocketMaxAge = Setting<Duration>.duration(
        "websocket.max_age", default: "1d", in: .seconds(1)...(.seconds(2_592_000)),
        example: "12h", "How long a WebSocket may live.")

    static let registrationMode = Setting<RegistrationMode>.choice(
        "registration.mode", default: .closed, example: "open",
        "Who may make an account: with `closed` only `ostiary user create`, with `open` everybody.")

    static let registrationDefaultRoles = Setting<RoleName>.value(
        "registration.default_roles", list: true, note: "none", example: "viewer",
        "Roles of the policy that whoever registers has from the start.")

    static let passwordMinimum = Setting<Int>.count(
        "passwords.min_length", default: 15, in: 8...1024, example: "20",
        "Fewest characters of a new password.")

    static let sessionAccessToken = Setting<Duration>.duration(
        "sessions.access_token", default: "5m", in: .seconds(30)...(.seconds(3600)),
        example: "10m",
        "How long an access token is valid; at most `sessions.idle`, to which the default is "
            + "lowered, and what the policy accepts of the embedded issuer.")

    static let sessionIdle = Setting<Duration>.duration(
        "sessions.idle", default: "7d", in: .seconds(30)...(.seconds(400 * 86_400)),
        example: "1d",
        "How long a session lives that is not refreshed; at most `sessions.lifetime`, to which the "
            + "default is lowered.")

    static let sessionLifetime = Setting<Duration>.duration(
        "sessions.lifetime", default: "30d", in: .seconds(30)...(.seconds(400 * 86_400)),
        example: "60d", "How long a session lives, however often it is refreshed.")

    static let sessionTokenClaims = Setting<PersonalClaim>.choices(
        "sessions.token_claims", example: "preferred_username",
        "What access tokens tell of the person besides the account's `id`, for the policy to pass on."
    )

    static let assertionKeys = Setting<WrittenPath>.value(
        "assertion.keys", list: true, note: "made in the data folder", example: "assertion.pem",
        "Files with private keys for identity assertions (PEM, ES256): the first signs, all are published."
    )

    static let assertionRotation = Setting<Duration>.duration(
        "assertion.rotation", default: "30d", in: .seconds(3600)...(.seconds(400 * 86_400)),
        example: "7d",
        "How long the gateway signs identity assertions with a key of its own making before it takes a "
            + "new one.")

    static let logLevel = Setting<LogLevel>.choice(
        "log.level", default: .info, example: "debug", "Least severity that is logged.")

    static let logFormat = Setting<LogFormat>.choice(
        "log.format", default: .text, example: "json", "Form of the lines on standard error.")

    static let logAccess = Setting<Bool>.flag(
        "log.access", default: true, example: "false", "Whether each exchange writes one line.")
}
