internal import Admission
internal import ReverseProxy
internal import StrictJSON
internal import TokenIssuing

/// An answer that says no, thrown by whatever finds the reason.
struct EndpointRefusal: Error {
    let response: LocalResponse

    init(response: LocalResponse) { self.response = response }

    /// A problem document in the shape that the data plane's refusals have, with `errors` where there
    /// are some. `detail` is for the log, and holds nothing of the request.
    init(
        _ reason: EndpointReason, detail: String, errors: [FieldError] = [],
        fields: [(name: String, value: String)] = []
    ) {
        var fields = fields
        // RFC 9110 § 15.5.2: a 401 says what would have been accepted.
        if reason.status == 401 { fields.append(("WWW-Authenticate", Self.challenge)) }
        if let seconds = reason.retryAfter { fields.append(("Retry-After", String(seconds))) }
        self.init(
            Problem(
                status: reason.status, reason: reason.rawValue, title: reason.title,
                errors: errors),
            code: reason.rawValue, detail: detail, fields: fields)
    }

    /// A bearer that the gate let through and that is nobody here (RFC 6750 § 3.1).
    init(token code: ReasonCode, detail: String) {
        let error = code.challengeError ?? "invalid_token"
        self.init(
            Problem(
                status: code.status, reason: code.publicReason, title: code.title, errors: []),
            code: code.name, detail: detail,
            fields: [("WWW-Authenticate", "\(Self.challenge), error=\"\(error)\"")])
    }

    private init(
        _ problem: Problem, code: String, detail: String, fields: [(name: String, value: String)]
    ) {
        response = LocalResponse(
            status: problem.status,
            fields: [
                ("Content-Type", "application/problem+json"), ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ] + fields,
            body: problem.document, reasonCode: code, detail: detail)
    }

    private static let challenge = "Bearer realm=\"ostiary\""
}

extension EndpointRefusal {
    /// What the issuer says no to, outside the token endpoint.
    init(_ error: IssuerError) {
        switch error {
        case .registrationClosed:
            self.init(.registrationClosed, detail: "registration is closed")
        case .usernameTaken:
            self.init(.usernameTaken, detail: "the user name is taken")
        case .emailTaken:
            self.init(.emailTaken, detail: "the e-mail address is taken")
        case .invalid(let errors):
            self.init(.validationFailed, detail: "fields are not acceptable", errors: errors)
        case .badCredentials:
            self.init(.badCredentials, detail: "no active account has this name and password")
        case .invalidGrant, .sessionEnded:
            self.init(token: .tokenRevoked, detail: "the session or its account has ended")
        case .busy:
            self.init(.hashingBusy, detail: "the queue for password hashing is full")
        case .storeUnavailable:
            self.init(.storeUnavailable, detail: "the account store did not do what it was asked")
        case .notSigned(let error):
            self.init(.tokenNotSigned, detail: error.description)
        }
    }
}

/// RFC 9457.
private struct Problem {
    let status: Int
    let reason: String
    let title: String
    let errors: [FieldError]

    var document: [UInt8] {
        var members = [
            JSONMember(name: "type", value: .string("urn:ostiary:problem:\(reason)")),
            JSONMember(name: "title", value: .string(title)),
            JSONMember(name: "status", value: .number(JSONNumber(Int64(status)))),
            JSONMember(name: "reason", value: .string(reason)),
        ]
        if !errors.isEmpty {
            members.append(JSONMember(name: "errors", value: .array(errors.map(\.document))))
        }
        return JSONWriter.write(.object(members)) + [UInt8(ascii: "\n")]
    }
}

extension FieldError {
    fileprivate var document: JSONValue {
        .object([
            JSONMember(name: "field", value: .string(field)),
            JSONMember(name: "code", value: .string(code.rawValue)),
            JSONMember(name: "message", value: .string(message)),
        ])
    }
}
