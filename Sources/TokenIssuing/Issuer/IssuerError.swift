/// Why the issuer does not do what it was asked.
package enum IssuerError: Error, Sendable, Equatable {
    /// Registration is for administrators.
    case registrationClosed
    case usernameTaken
    case emailTaken
    /// Everything that is wrong with the form.
    case invalid([FieldError])
    /// No such account, another password, or a disabled account; which of these, nobody learns.
    case badCredentials
    /// The refresh token is none of ours, has been replaced, or its session has ended.
    case invalidGrant
    /// The session or the account that an access token names is gone.
    case sessionEnded
    /// Too many passwords are waiting to be hashed.
    case busy
    case storeUnavailable(AccountStoreError)
    /// The access token could not be made.
    case notSigned(MintError)

    /// For programs; never changed once published.
    package var code: String {
        switch self {
        case .registrationClosed: "registration_closed"
        case .usernameTaken: "username_taken"
        case .emailTaken: "email_taken"
        case .invalid: "validation_failed"
        case .badCredentials: "bad_credentials"
        case .invalidGrant: "invalid_grant"
        case .sessionEnded: "token_invalid"
        case .busy: "hashing_busy"
        case .storeUnavailable: "store_unavailable"
        case .notSigned: "token_not_signed"
        }
    }

    init(_ error: AccountStoreError) {
        self =
            switch error {
            case .usernameTaken: .usernameTaken
            case .emailTaken: .emailTaken
            case .full, .readOnly, .busy, .failed: .storeUnavailable(error)
            }
    }

    init(_ error: HashingRejection) {
        self =
            error.isMomentary
            ? .busy : .storeUnavailable(.failed(detail: error.description))
    }
}
