package import AccessPolicy
package import Admission

/// Answers the gateway's own endpoints: what lies behind it is none of the data plane's business.
package protocol LocalResponder: Sendable {
    /// Which endpoint of our own a request is for; nil for one that goes to the app.
    ///
    /// Called on the event loop for paths below `/_ostiary` and `/.well-known/`: must neither block
    /// nor be slow.
    func endpoint(_ method: Method, _ path: [UInt8]) -> LocalEndpoint?

    /// Answers a request for an endpoint that `endpoint(_:_:)` named. Called off the event loops.
    func respond(to request: LocalRequest) async -> LocalResponse
}

/// What the data plane needs to know of an endpoint before its answer.
package struct LocalEndpoint: Sendable, Equatable {
    /// The route in the log, for example `ostiary.sign_in`.
    package let id: String
    /// Whether it is for bearers of an access token of the embedded issuer. Elsewhere a token is not
    /// looked at: a stale one must not keep anybody from signing in.
    package let needsBearer: Bool

    package init(id: String, needsBearer: Bool) {
        self.id = id
        self.needsBearer = needsBearer
    }
}

/// A complete request for one of our own endpoints.
package struct LocalRequest: Sendable {
    package let endpoint: LocalEndpoint
    package let method: Method
    /// The canonical path.
    package let path: [UInt8]
    /// With its `?`, or empty.
    package let query: [UInt8]
    /// Names in lower case with their values as received, in order. Without `Authorization`, what is
    /// hop-by-hop, and what only a trusted peer may say.
    package let fields: [(name: String, value: String)]
    /// Bounded by `ProxySettings.Limits.localBody`.
    package let body: [UInt8]
    /// The peer's address, or the one that a trusted peer vouches for.
    package let clientAddress: String
    /// Never nil where the endpoint needs a bearer: verified, of the embedded issuer, with a session
    /// that has not been denied when the request began.
    package let bearer: KnownBearer?

    package init(
        endpoint: LocalEndpoint, method: Method, path: [UInt8], query: [UInt8] = [],
        fields: [(name: String, value: String)] = [], body: [UInt8] = [], clientAddress: String,
        bearer: KnownBearer? = nil
    ) {
        self.endpoint = endpoint
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.clientAddress = clientAddress
        self.bearer = bearer
    }
}

/// The answer of one of our own endpoints.
package struct LocalResponse: Sendable {
    /// 200 to 599.
    package var status: Int
    /// Without `Content-Length`, `Connection` and `Date`, which the data plane writes.
    package var fields: [(name: String, value: String)]
    package var body: [UInt8]
    /// For the log: the reason code of an answer that says no, and a sentence. Never anything of the
    /// request.
    package var reasonCode: String?
    package var detail: String?

    package init(
        status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = [],
        reasonCode: String? = nil, detail: String? = nil
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.reasonCode = reasonCode
        self.detail = detail
    }
}
