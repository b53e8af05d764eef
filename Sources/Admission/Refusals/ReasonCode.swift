/// Why a request was not served: log key, problem type, row of `docs/reason-codes.md` and test, all
/// by the same name. Part of the public contract; a name never changes its meaning.
package enum ReasonCode: String, CaseIterable, Sendable {
    case badFraming = "bad_framing"
    case headTooLarge = "head_too_large"
    case targetTooLong = "target_too_long"
    case bodyTooLarge = "body_too_large"
    case requestTimeout = "request_timeout"
    case badTarget = "bad_target"
    case unknownHost = "unknown_host"
    case methodNotAllowed = "bad_method"
    case methodUnknown = "bad_method_unknown"
    case unauthenticated
    case ambiguousCredentials = "ambiguous_credentials"
    case tokenMalformed = "token_malformed"
    case tokenTooLarge = "token_too_large"
    case tokenHeader = "token_header"
    case tokenAlgorithm = "token_alg"
    case tokenSignature = "token_signature"
    case tokenUnknownKey = "token_unknown_key"
    case tokenNotYet = "token_not_yet"
    case tokenLifetime = "token_lifetime"
    case tokenIssuer = "token_issuer"
    case tokenAudience = "token_audience"
    case tokenType = "token_type"
    case tokenClaim = "token_claim"
    case tokenRevoked = "token_revoked"
    case tokenBinding = "token_binding"
    case tokenExpired = "token_expired"
    case keysUnavailable = "keys_unavailable"
    case assertionUnavailable = "assertion_unavailable"
    case noRoute = "no_route"
    case roleMissing = "role_missing"
    case conditionFalse = "condition_false"
    case denied = "deny.<id>"
    case ambiguousPath = "ambiguous_path"
    case claimNotHeaderSafe = "claim_not_header_safe"
    case scopeMissing = "scope_missing"
    case stepUp = "step_up"
    case rateLimited = "rate_limited"
    case upgradeNotAllowed = "upgrade_not_allowed"
    case origin
    case badHandshake = "bad_handshake"
    case handshakeVersion = "handshake_version"
    case overloaded
    case upstreamUnreachable = "upstream_unreachable"
    case upstreamInvalid = "upstream_invalid"
    case upstreamTimeout = "upstream_timeout"
    case upstreamBusy = "upstream_busy"

    /// The code as the log and the documentation spell it. `bad_method` is the one code that has two
    /// statuses: 405 for methods that are known and never forwarded, 501 for unknown ones.
    package var name: String { self == .methodUnknown ? Self.methodNotAllowed.rawValue : rawValue }

    /// The HTTP status of the answer.
    package var status: Int {
        switch self {
        case .badFraming, .badTarget, .ambiguousCredentials, .badHandshake: 400
        case .headTooLarge: 431
        case .targetTooLong: 414
        case .bodyTooLarge: 413
        case .requestTimeout: 408
        case .unknownHost: 421
        case .methodNotAllowed: 405
        case .methodUnknown: 501
        case .noRoute, .roleMissing, .conditionFalse, .denied, .ambiguousPath,
            .claimNotHeaderSafe, .scopeMissing, .upgradeNotAllowed, .origin:
            403
        case .handshakeVersion: 426
        case .rateLimited: 429
        case .keysUnavailable, .assertionUnavailable, .overloaded, .upstreamBusy: 503
        case .upstreamUnreachable, .upstreamInvalid: 502
        case .upstreamTimeout: 504
        case .unauthenticated, .tokenExpired, .stepUp: 401
        default: isTokenRejection ? 401 : 400
        }
    }

    /// What a client is told. It learns that its token is bad, and whether it is merely too old,
    /// but not which check failed; it learns that it may not, but not which rule said so.
    package var publicReason: String {
        switch self {
        case .tokenExpired, .unauthenticated: rawValue
        case .noRoute, .roleMissing, .conditionFalse, .denied, .ambiguousPath,
            .claimNotHeaderSafe:
            "forbidden"
        default: isTokenRejection ? "token_invalid" : name
        }
    }

    /// The sentence of the problem document.
    package var title: String {
        switch publicReason {
        case "bad_framing": "The request is not well-formed HTTP."
        case "head_too_large": "The request's head is too large."
        case "target_too_long": "The request's target is too long."
        case "body_too_large": "The request's body is too large."
        case "request_timeout": "The request took too long to arrive."
        case "bad_target": "The request's path is ambiguous and is refused."
        case "unknown_host": "This host is not served here."
        case "bad_method": "This method is not served here."
        case "unauthenticated": "A bearer token is required."
        case "ambiguous_credentials": "The request carries more than one credential."
        case "token_expired": "The token has expired."
        case "token_invalid": "The token is not valid here."
        case "keys_unavailable": "The token cannot be checked at the moment; try again shortly."
        case "assertion_unavailable":
            "The application cannot be told who you are at the moment; try again shortly."
        case "forbidden": "Access to this resource is not allowed."
        case "scope_missing": "The token lacks a scope that this resource needs."
        case "step_up": "This resource needs a stronger or more recent sign-in."
        case "rate_limited": "There are too many requests; try again later."
        case "upgrade_not_allowed": "This route does not allow a protocol upgrade."
        case "origin": "Pages of this origin may not connect."
        case "bad_handshake": "The request is no well-formed WebSocket handshake."
        case "handshake_version": "Of the WebSocket protocol, only version 13 is spoken here."
        case "overloaded", "upstream_busy": "The service is busy; try again shortly."
        case "upstream_unreachable": "The application behind the gateway cannot be reached."
        case "upstream_invalid": "The application behind the gateway gave a malformed answer."
        default: "The application behind the gateway did not answer in time."
        }
    }

    /// The `error` of the `WWW-Authenticate` challenge (RFC 6750 § 3.1, RFC 9470 § 3), or nil for none. A
    /// request without any credential gets the bare challenge.
    package var challengeError: String? {
        switch self {
        case .ambiguousCredentials: return "invalid_request"
        case .scopeMissing: return "insufficient_scope"
        case .stepUp: return "insufficient_user_authentication"
        default: break
        }
        return status == 401 && self != .unauthenticated ? "invalid_token" : nil
    }

    /// Whether the answer carries a `WWW-Authenticate` challenge at all.
    package var isChallenge: Bool { status == 401 || challengeError != nil }

    /// Whether the connection must end: where the next request begins is no longer certain.
    package var closesConnection: Bool {
        switch self {
        case .badFraming, .headTooLarge, .targetTooLong, .bodyTooLarge, .requestTimeout,
            .overloaded:
            true
        default: false
        }
    }

    private var isTokenRejection: Bool { rawValue.hasPrefix("token_") }
}
