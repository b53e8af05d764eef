/// Who may make an account for themselves.
package enum RegistrationMode: String, Sendable, CaseIterable {
    /// Nobody: administrators make accounts.
    case closed
    /// Everybody.
    case open
}

/// A claim about the person that access tokens carry only where it is asked for: a token is read by
/// more than those whom it concerns (OpenID Connect Core 1.0 § 5.1).
package enum PersonalClaim: String, Sendable, CaseIterable {
    case preferredUsername = "preferred_username"
    case email
    /// Always false: nothing confirms an address.
    case emailVerified = "email_verified"
}

/// How the embedded issuer is to behave. Times are seconds.
package struct IssuerSettings: Sendable, Equatable {
    /// The `iss` claim.
    package var issuer: String
    /// The `aud` claim; at least one.
    package var audience: [String]
    /// The OAuth client that sessions of the first-party API belong to.
    package var clientID: String
    package var accessLifetime: Int64
    /// How long a session lasts without being refreshed.
    package var sessionIdle: Int64
    /// How long a session lasts at most.
    package var sessionLifetime: Int64
    package var registration: RegistrationMode
    /// What those get who register.
    package var defaultRoles: [String]
    /// Characters (Unicode scalars).
    package var minimumPasswordLength: Int
    /// What access tokens say of the person besides the account's ID. They grow by it, beyond the
    /// bound that holds otherwise.
    package var tokenClaims: [PersonalClaim]
    /// By how much our verifier lets tokens of ours outlive their `exp`.
    package var leeway: Int64

    package init(
        issuer: String, audience: [String], clientID: String = "ostiary",
        accessLifetime: Int64 = 5 * 60, sessionIdle: Int64 = 7 * 86_400,
        sessionLifetime: Int64 = 30 * 86_400, registration: RegistrationMode = .closed,
        defaultRoles: [String] = [], minimumPasswordLength: Int = 15,
        tokenClaims: [PersonalClaim] = [], leeway: Int64 = 30
    ) {
        self.issuer = issuer
        self.audience = audience
        self.clientID = clientID
        self.accessLifetime = accessLifetime
        self.sessionIdle = sessionIdle
        self.sessionLifetime = sessionLifetime
        self.registration = registration
        self.defaultRoles = defaultRoles
        self.minimumPasswordLength = minimumPasswordLength
        self.tokenClaims = tokenClaims
        self.leeway = leeway
    }

    /// The longest `accessLifetime` that the configuration takes.
    package static let longestAccessLifetime: Int64 = 60 * 60

    /// The longest `leeway` that a policy takes.
    package static let longestLeeway: Int64 = 300

    /// Whether access tokens of who registers stay as small as all others.
    package var allowsDefaultRoles: Bool {
        AccessTokenSize(self).allows(roles: NameList.sorted(defaultRoles), groups: [])
    }

    /// When no access token of a session that ends at `now` is accepted any more. Tokens may have
    /// been issued before a restart with a longer lifetime, be verified after one with more leeway,
    /// and come from requests that read the clock a little later than the revocation did.
    func deniedUntil(from now: Int64) -> Int64 {
        now + max(accessLifetime, Self.longestAccessLifetime) + max(leeway, Self.longestLeeway)
            + Self.clockSlack
    }

    private static let clockSlack: Int64 = 60
}
