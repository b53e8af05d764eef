/// Why an administrator's command does nothing: one sentence that says what to do.
package enum AdministrationError: Error, Sendable, Equatable, CustomStringConvertible {
    case noSuchAccount(String)
    case usernameTaken
    case emailTaken
    /// Everything that is wrong with what was typed.
    case invalid([FieldError])
    case unknownRole(String, declared: [String])
    /// The names of roles and groups would make access tokens longer than is allowed.
    case tooManyNames
    case busy
    case storeUnavailable(AccountStoreError)

    /// For programs; never changed once published.
    package var code: String {
        switch self {
        case .noSuchAccount: "no_such_account"
        case .usernameTaken: "username_taken"
        case .emailTaken: "email_taken"
        case .invalid: "validation_failed"
        case .unknownRole: "unknown_role"
        case .tooManyNames: "too_many_names"
        case .busy: "hashing_busy"
        case .storeUnavailable: "store_unavailable"
        }
    }

    package var description: String {
        switch self {
        case .noSuchAccount(let selector):
            "there is no account `\(selector)`; name it by ID, e-mail address or user name"
        case .usernameTaken: "another account has this user name; choose another one"
        case .emailTaken: "another account has this e-mail address; choose another one"
        case .invalid(let errors): errors.map(\.description).joined(separator: "; ")
        case .unknownRole(let role, let declared):
            declared.isEmpty
                ? "the policy declares no roles, so `\(role)` would grant nothing; declare it there"
                : "the policy declares no role `\(role)`; it has "
                    + declared.map { "`\($0)`" }.joined(separator: ", ")
        case .tooManyNames:
            "the account's roles and groups would make its access tokens longer than "
                + "\(AccessTokenSize.limit) bytes; take one away first, or let one role include "
                + "others in the policy"
        case .busy: "too many passwords are being hashed; try again in a moment"
        case .storeUnavailable(let error): "the accounts cannot be used: \(error)"
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
