package import Cryptography

/// Marks identifiers of accounts.
package enum AccountKind {}

/// Names an account for as long as there are tokens of it: their `sub` claim.
package typealias AccountID = Identifier<AccountKind>

/// A person's account. Times are Unix seconds.
package struct Account: Sendable, Equatable {
    package let id: AccountID
    package var profile: Profile
    /// False: nobody can sign in, and every session has ended.
    package var isActive: Bool
    /// For apps that know these flags; they grant nothing at the gateway itself.
    package var isStaff: Bool
    package var isSuperuser: Bool
    /// Names in ascending order of their bytes, none twice.
    package var groups: [String]
    /// Django's form, `app.codename`; order as above.
    package var permissions: [String]
    /// Order as above.
    package var roles: [String]
    /// The `uv` claim: greater after every change of roles, groups, permissions, password, e-mail or
    /// status.
    package var tokenVersion: Int64
    package var createdAt: Int64
    package var updatedAt: Int64
    /// nil: nobody has signed in yet.
    package var lastSignInAt: Int64?

    package init(
        id: AccountID, profile: Profile, isActive: Bool = true, isStaff: Bool = false,
        isSuperuser: Bool = false, groups: [String] = [], permissions: [String] = [],
        roles: [String] = [], tokenVersion: Int64 = 1, createdAt: Int64, updatedAt: Int64,
        lastSignInAt: Int64? = nil
    ) {
        self.id = id
        self.profile = profile
        self.isActive = isActive
        self.isStaff = isStaff
        self.isSuperuser = isSuperuser
        self.groups = groups
        self.permissions = permissions
        self.roles = roles
        self.tokenVersion = tokenVersion
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.lastSignInAt = lastSignInAt
    }
}

/// What an account says about its person.
package struct Profile: Sendable, Equatable {
    package var username: Username
    package var email: EmailAddress
    package var fullName: String
    package var bio: String
    package var birthDate: CalendarDate?

    package init(
        username: Username, email: EmailAddress, fullName: String = "", bio: String = "",
        birthDate: CalendarDate? = nil
    ) {
        self.username = username
        self.email = email
        self.fullName = fullName
        self.bio = bio
        self.birthDate = birthDate
    }
}
