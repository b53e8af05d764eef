/// Why an endpoint of our own said no, beside the reasons of the gate itself (`ReasonCode`): log key,
/// problem type, row of `docs/reason-codes.md` and test, all by the same name.
enum EndpointReason: String, CaseIterable, Sendable {
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case unsupportedMediaType = "unsupported_media_type"
    case badJSON = "bad_json"
    case validationFailed = "validation_failed"
    case registrationClosed = "registration_closed"
    case usernameTaken = "username_taken"
    case emailTaken = "email_taken"
    case badCredentials = "bad_credentials"
    case hashingBusy = "hashing_busy"
    case storeUnavailable = "store_unavailable"
    case tokenNotSigned = "token_not_signed"
    case internalError = "internal_error"

    var status: Int {
        switch self {
        case .badJSON: 400
        case .badCredentials: 401
        case .registrationClosed: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .usernameTaken, .emailTaken: 409
        case .unsupportedMediaType: 415
        case .validationFailed: 422
        case .tokenNotSigned, .internalError: 500
        case .hashingBusy, .storeUnavailable: 503
        }
    }

    /// The sentence of the problem document.
    var title: String {
        switch self {
        case .notFound: "There is no such endpoint."
        case .methodNotAllowed: "This endpoint does not take this method."
        case .unsupportedMediaType: "The body must be application/json."
        case .badJSON: "The body is not a JSON object."
        case .validationFailed: "Some fields are not acceptable."
        case .registrationClosed: "Nobody can register here."
        case .usernameTaken: "This user name is taken."
        case .emailTaken: "This e-mail address is taken."
        case .badCredentials: "Name or password is wrong."
        case .hashingBusy: "The service is busy; try again shortly."
        case .storeUnavailable: "Accounts are not available; try again shortly."
        case .tokenNotSigned: "No token can be made for this account."
        case .internalError: "The request could not be answered."
        }
    }

    /// Seconds after which to try again.
    var retryAfter: Int? {
        switch self {
        case .hashingBusy: 1
        case .storeUnavailable: 5
        default: nil
        }
    }
}
