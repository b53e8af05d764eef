/// An account that an administrator makes, as it was typed: nothing is checked yet.
package struct AccountForm: Sendable, Redacted {
    package var username: String?
    package var email: String?
    package var password: String?
    package var fullName: String?
    package var bio: String?
    package var birthDate: String?
    package var roles: [String]
    package var groups: [String]
    package var permissions: [String]
    package var isStaff: Bool
    package var isSuperuser: Bool
    package var isActive: Bool

    package init(
        username: String?, email: String?, password: String?, fullName: String? = nil,
        bio: String? = nil, birthDate: String? = nil, roles: [String] = [],
        groups: [String] = [], permissions: [String] = [], isStaff: Bool = false,
        isSuperuser: Bool = false, isActive: Bool = true
    ) {
        self.username = username
        self.email = email
        self.password = password
        self.fullName = fullName
        self.bio = bio
        self.birthDate = birthDate
        self.roles = roles
        self.groups = groups
        self.permissions = permissions
        self.isStaff = isStaff
        self.isSuperuser = isSuperuser
        self.isActive = isActive
    }

    var registration: RegistrationForm {
        RegistrationForm(
            username: username, email: email, password: password, fullName: fullName, bio: bio,
            birthDate: birthDate)
    }
}

/// What an administrator changes in an account, as it was typed; nil keeps a flag.
package struct AccountChanges: Sendable, Equatable {
    package var profile: ProfilePatch
    package var email: FieldChange
    package var isStaff: Bool?
    package var isSuperuser: Bool?
    package var groups: NameEdit
    package var permissions: NameEdit

    package init(
        profile: ProfilePatch = ProfilePatch(), email: FieldChange = .keep, isStaff: Bool? = nil,
        isSuperuser: Bool? = nil, groups: NameEdit = NameEdit(),
        permissions: NameEdit = NameEdit()
    ) {
        self.profile = profile
        self.email = email
        self.isStaff = isStaff
        self.isSuperuser = isSuperuser
        self.groups = groups
        self.permissions = permissions
    }
}

/// Names that come to a list and names that leave it; what is in both is there afterwards. So two
/// edits at one time both count.
package struct NameEdit: Sendable, Equatable {
    package var added: [String]
    package var removed: [String]

    package init(added: [String] = [], removed: [String] = []) {
        self.added = added
        self.removed = removed
    }

    func apply(to names: inout [String]) {
        names.removeAll { NameList.contains(removed, $0) }
        names = NameList.sorted(names + added)
    }
}
