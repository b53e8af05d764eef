package import StrictYAML

/// One rule of a policy: which requests it is about, who may make them, and what else holds for them.
///
/// What `defaults` says has been filled in: whoever applies a route never looks there.
package final class Route: Sendable {
    package enum Authentication: String, Sendable, CaseIterable {
        /// No credential is read, and no identity is passed on.
        case `public`
        /// Without a credential somebody is anonymous; one that does not verify is refused.
        case optional
        case required
    }

    /// What becomes of the credential that was verified.
    package enum Authorization: String, Sendable, CaseIterable {
        case strip, forward
    }

    /// Unique in the policy; a label of logs and metrics.
    package let id: String
    /// The route's place in ``PolicySet/routes``.
    package let index: Int
    package let auth: Authentication
    /// The condition in words.
    package let conditionText: String?
    /// Whether a refusal with a valid credential looks like an address that is not there: 404.
    package let isHidden: Bool
    /// The escapes that a path may hold without being refused.
    package let opaque: EscapeSet
    package let limits: RouteLimits
    package let timeouts: RouteTimeouts
    /// All of them count each request.
    package let rates: [RateRule]
    package let cors: CORSRule?
    /// Nil unless the route is for WebSocket handshakes alone.
    package let webSocket: WebSocketRule?
    /// The keys of the query that conditions name.
    package let query: [QueryParameter]
    package let authorization: Authorization
    /// Where the file names the route.
    package let position: SourcePosition

    let methods: MethodSet
    let pattern: PathPattern
    /// Empty: every host of the policy.
    let hosts: HostSet
    /// Nil denies, unless the route is public.
    let condition: Condition?
    let generation: PolicyGeneration

    init(
        id: String, index: Int, auth: Authentication, methods: MethodSet, pattern: PathPattern,
        hosts: HostSet = HostSet(patterns: []), condition: Condition?, conditionText: String?,
        settings: RouteSettings = RouteSettings(), generation: PolicyGeneration,
        position: SourcePosition
    ) {
        self.id = id
        self.index = index
        self.auth = auth
        self.methods = methods
        self.pattern = pattern
        self.hosts = hosts
        self.condition = condition
        self.conditionText = conditionText
        isHidden = settings.isHidden
        opaque = settings.opaque
        limits = settings.limits
        timeouts = settings.timeouts
        rates = settings.rates
        cors = settings.cors
        webSocket = settings.webSocket
        query = settings.query
        authorization = settings.authorization
        self.generation = generation
        self.position = position
    }
}

/// What a route says besides who may pass.
struct RouteSettings {
    var isHidden = false
    var opaque: EscapeSet = []
    var limits = RouteLimits()
    var timeouts = RouteTimeouts()
    var rates: [RateRule] = []
    var cors: CORSRule?
    var webSocket: WebSocketRule?
    var query: [QueryParameter] = []
    var authorization = Route.Authorization.strip
}
