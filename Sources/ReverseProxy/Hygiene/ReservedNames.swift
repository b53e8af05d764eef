/// Field names that only the gateway may use towards the upstream, whatever the route.
///
/// The list is the union of what well-known gateways, proxies and platforms inject: an app that
/// once stood behind one of them may still believe such a field. It is applied before anything
/// branches, so there is no route on which it is forgotten. Names with other spellings
/// (`X_Auth_User`) never come here: they are dropped for holding bytes that back ends fold.
enum ReservedNames {
    /// The table for requests; `injected` are the lower-case names that the policy injects.
    ///
    /// Of a name with other bytes than letters, digits and `-` the plain spelling is reserved: a
    /// back end that folds names sees both as one, and all other spellings are dropped anyway.
    static func requestTable(injected: [String]) -> FieldNameTable {
        var names: [(name: String, kind: FieldKind)] = [
            ("connection", .connection), ("upgrade", .upgrade), ("host", .host),
            ("content-length", .contentLength), ("transfer-encoding", .transferEncoding),
            ("authorization", .authorization), ("expect", .expect), ("origin", .origin),
            ("access-control-request-method", .requestedMethod),
            ("access-control-request-headers", .requestedHeaders),
            ("x-forwarded-for", .forwardedFor), ("x-forwarded-proto", .forwardedProto),
            ("x-forwarded-host", .forwardedHost),
        ]
        names += webSocket
        names += hopByHop.map { ($0, .hopByHop) }
        names += injected.map { (plainSpelling(of: $0), .reserved) }
        names += (rewriting + identity).map { ($0, .reserved) }
        return FieldNameTable(names, reservedPrefixes: prefixes)
    }

    /// The table for answers: an upstream's identity fields are not for the client.
    static func responseTable(injected: [String]) -> FieldNameTable {
        var names: [(name: String, kind: FieldKind)] = [
            ("connection", .connection), ("upgrade", .upgrade),
            ("content-length", .contentLength), ("transfer-encoding", .transferEncoding),
        ]
        names += webSocket
        names += hopByHop.map { ($0, .hopByHop) }
        names += injected.map { (plainSpelling(of: $0), .reserved) }
        return FieldNameTable(names, reservedPrefixes: ["x-ostiary-"])
    }

    /// The table for the trailers of requests: what passes in none of their heads passes here neither.
    static func requestTrailerTable(injected: [String]) -> FieldNameTable {
        var names = inTrailers(injected.map(plainSpelling))
        names += (rewriting + identity).map { ($0, .reserved) }
        return FieldNameTable(names, reservedPrefixes: prefixes + trailerPrefixes)
    }

    /// The table for the trailers of answers.
    static func responseTrailerTable(injected: [String]) -> FieldNameTable {
        FieldNameTable(
            inTrailers(injected.map(plainSpelling)),
            reservedPrefixes: ["x-ostiary-"] + trailerPrefixes)
    }

    /// Beside framing, which is noticed, only `.ordinary` and `.reserved`: a trailer says nothing that the
    /// gateway would act on.
    private static func inTrailers(_ injected: [String]) -> [(name: String, kind: FieldKind)] {
        [("content-length", .contentLength), ("transfer-encoding", .transferEncoding)]
            + allowedInTrailers.map { ($0, .ordinary) }
            + (injected + hopByHop + forbiddenInTrailers).map { ($0, .reserved) }
    }

    private static func plainSpelling(of name: String) -> String {
        String(decoding: name.utf8.map { ByteRules.isPlainName($0) ? $0 : 0x2D }, as: UTF8.self)
    }

    private static let webSocket: [(name: String, kind: FieldKind)] = [
        ("sec-websocket-key", .webSocketKey), ("sec-websocket-version", .webSocketVersion),
        ("sec-websocket-accept", .webSocketAccept),
        ("sec-websocket-protocol", .webSocketProtocol),
        ("sec-websocket-extensions", .webSocketExtensions),
    ]

    /// RFC 9110 § 7.6.1 and its relatives.
    private static let hopByHop = [
        "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
        "trailer", "http2-settings",
    ]

    /// Fields by which a back end or framework would see another method, target or client.
    private static let rewriting = [
        "forwarded", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-server",
        "x-forwarded-uri", "x-forwarded-url", "x-forwarded-path", "x-forwarded-method",
        "x-forwarded-by", "x-forwarded-ssl", "x-forwarded-scheme", "x-forwarded-protocol",
        "x-forwarded-client-cert", "x-scheme", "x-url-scheme", "front-end-https", "x-real-ip",
        "x-client-ip", "x-cluster-client-ip", "true-client-ip", "cf-connecting-ip",
        "fastly-client-ip", "x-original-url", "x-original-uri", "x-original-host",
        "x-original-method", "x-original-forwarded-for", "x-rewrite-url", "x-rewrite-uri",
        "x-http-method-override", "x-http-method", "x-method-override", "x-script-name",
        "script-name", "path-info", "proxy", "x-host", "x-http-host-override", "client-ip",
        "x-remote-addr", "x-remote-ip", "x-originating-ip", "proxy-client-ip", "wl-proxy-client-ip",
        "x-sendfile-type", "x-accel-mapping",
    ]

    /// Fields by which other gateways say who the user is.
    private static let identity = [
        "remote-user", "remote-groups", "remote-email", "remote-name", "x-remote-user",
        "x-remote-group", "x-remote-groups", "x-remote-email", "x-webauth-user", "x-webauth-name",
        "x-webauth-email", "x-webauth-role", "x-webauth-groups", "x-forwarded-user",
        "x-forwarded-email", "x-forwarded-groups", "x-forwarded-preferred-username",
        "x-forwarded-access-token", "x-auth-user", "x-auth-email", "x-auth-roles",
        "x-auth-groups", "x-auth-username", "x-auth-name", "x-authenticated-user",
        "x-authenticated-userid", "x-authenticated-groups", "x-authenticated-scope",
        "x-consumer-username", "x-consumer-id", "x-consumer-custom-id", "x-credential-username",
        "x-vouch-user", "x-userinfo", "x-endpoint-api-userinfo", "x-jwt-payload",
        "x-jwt-assertion", "x-goog-iap-jwt-assertion", "x-ssl-client-cert", "x-ssl-client-dn",
        "x-ssl-client-s-dn", "x-ssl-client-verify", "ssl-client-cert", "ssl-client-verify",
        "x-client-cert", "client-cert", "client-cert-chain", "x-grafana-user",
    ]

    /// RFC 9110 § 6.5.1: whoever merges trailers into the head must not find framing, routing, request
    /// modifiers, credentials, answer control or the content's form there.
    private static let forbiddenInTrailers = [
        "connection", "upgrade", "host", "authorization", "cookie",
        "set-cookie", "www-authenticate", "authentication-info", "expect", "max-forwards", "pragma",
        "cache-control", "range", "accept-ranges", "age", "expires", "date", "last-modified",
        "location", "retry-after", "vary", "warning", "origin", "referer", "user-agent",
        "from", "via", "allow", "link", "refresh", "clear-site-data", "strict-transport-security",
        "alt-svc", "server", "priority", "x-frame-options", "x-content-type-options",
        "x-xss-protection", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
    ]

    private static let trailerPrefixes = [
        "content-", "accept", "if-", "sec-", "proxy-", "access-control-", "cross-origin-",
        "permissions-policy", "referrer-policy", "x-permitted-cross-domain-",
    ]

    /// Made for trailers although it begins with `content-` (RFC 9530 § 2).
    private static let allowedInTrailers = ["content-digest"]

    /// Families of identity fields.
    private static let prefixes = [
        "x-ostiary-", "x-auth-request-", "x-authentik-", "x-pomerium-", "x-goog-authenticated-",
        "x-ms-client-principal", "x-ms-token-", "x-amzn-oidc-", "tailscale-", "cf-access-",
        "x-forwarded-", "oidc-claim-", "shib-", "mellon-", "x-appengine-", "x-envoy-",
        "x-middleware-",
    ]
}
