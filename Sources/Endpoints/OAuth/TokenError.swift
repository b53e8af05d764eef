internal import ReverseProxy
internal import StrictJSON

/// What the token endpoint says no with (RFC 6749 § 5.2).
enum TokenError: String, Sendable {
    case invalidRequest = "invalid_request"
    case invalidClient = "invalid_client"
    case invalidGrant = "invalid_grant"
    case invalidScope = "invalid_scope"
    case unsupportedGrantType = "unsupported_grant_type"
    /// For what is no fault of the client's: clients throw their tokens away on a 4xx. These two names
    /// are those of RFC 6749 § 4.1.2.1.
    case temporarilyUnavailable = "temporarily_unavailable"
    case serverError = "server_error"
}

extension EndpointRefusal {
    /// 400. `description` is for the developer of the client; it holds nothing of the request, and is
    /// the detail in the log too.
    init(_ error: TokenError, _ description: String) {
        self.init(error, status: 400, code: error.rawValue, description, detail: description)
    }

    /// 503 or 500. Status, code and when to try again are those of the reason.
    init(_ error: TokenError, _ reason: EndpointReason, detail: String) {
        self.init(
            error, status: reason.status, code: reason.rawValue, reason.title, detail: detail,
            retryAfter: reason.retryAfter)
    }

    private init(
        _ error: TokenError, status: Int, code: String, _ description: String, detail: String,
        retryAfter: Int? = nil
    ) {
        let document = JSONValue.object([
            JSONMember(name: "error", value: .string(error.rawValue)),
            JSONMember(name: "error_description", value: .string(description)),
        ])
        var fields = [
            (name: "Content-Type", value: "application/json"),
            (name: "Cache-Control", value: "no-store"), (name: "Pragma", value: "no-cache"),
            (name: "X-Content-Type-Options", value: "nosniff"),
        ]
        if let retryAfter { fields.append(("Retry-After", String(retryAfter))) }
        self.init(
            response: LocalResponse(
                status: status, fields: fields,
                body: JSONWriter.write(document) + [UInt8(ascii: "\n")], reasonCode: code,
                detail: detail))
    }
}
