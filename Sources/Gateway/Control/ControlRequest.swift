package import TokenIssuing

/// What a command asks of the accounts: of a running server through its control socket, or of the
/// store itself while none runs.
package enum ControlRequest: Sendable, Redacted {
    case create(AccountForm)
    /// At most `limit` accounts behind the user name `after`.
    case list(after: String?, limit: Int)
    case show(account: String)
    case set(account: String, AccountChanges)
    case setPassword(account: String, String)
    case setActive(account: String, Bool)
    case grant(role: String, account: String)
    case revoke(role: String, account: String)

    /// The largest request in its encoded form, in bytes; so a server reads no more.
    package static let largest = 64 * 1024
    /// The most accounts in one answer.
    package static let longestPage = 50
}

/// What came of it.
package enum ControlAnswer: Sendable, Equatable {
    /// The account as it is now, and whether this request changed it.
    case account(AccountRecord, changed: Bool)
    /// A page of accounts; shorter than was asked for at the end.
    case accounts([AccountRecord])
    case failure(ControlFailure)
}

/// Why nothing was done: one sentence that says what to do instead.
package struct ControlFailure: Error, Sendable, Equatable {
    /// For programs.
    package let code: String
    package let message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// An account as the API and the commands show it; times are RFC 3339 in UTC.
package struct AccountRecord: Sendable, Equatable {
    package var id: String
    package var username: String
    package var email: String
    package var fullName: String
    package var bio: String
    package var birthDate: String?
    package var isActive: Bool
    package var isStaff: Bool
    package var isSuperuser: Bool
    package var groups: [String]
    package var permissions: [String]
    package var roles: [String]
    package var createdAt: String
    package var updatedAt: String
    /// Nil: nobody has signed in yet.
    package var lastSignIn: String?
}
