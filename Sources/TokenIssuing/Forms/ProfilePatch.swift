/// What is to become of one field.
package enum FieldChange: Sendable, Equatable {
    case keep
    /// Sent as `null`.
    case clear
    case set(String)
}

/// Changes to one's own profile, as they were sent: nothing is checked yet.
package struct ProfilePatch: Sendable, Equatable {
    package var username: FieldChange
    package var fullName: FieldChange
    package var bio: FieldChange
    package var birthDate: FieldChange

    package init(
        username: FieldChange = .keep, fullName: FieldChange = .keep, bio: FieldChange = .keep,
        birthDate: FieldChange = .keep
    ) {
        self.username = username
        self.fullName = fullName
        self.bio = bio
        self.birthDate = birthDate
    }

    /// Everything that is wrong; empty for a patch that can be made, if the name is free.
    package var errors: [FieldError] {
        do throws(FieldErrors) {
            _ = try checked()
            return []
        } catch {
            return error.all
        }
    }

    /// Only administrators change an `email` without confirmation.
    /// - Throws: everything that is wrong.
    func checked(email: FieldChange = .keep) throws(FieldErrors) -> CheckedProfilePatch {
        var checks = FormChecks()
        var patch = CheckedProfilePatch()
        switch username {
        case .keep: break
        case .clear: patch.username = checks.username(nil)
        case .set(let text): patch.username = checks.username(text)
        }
        switch email {
        case .keep: break
        case .clear: patch.email = checks.email(nil)
        case .set(let text): patch.email = checks.email(text)
        }
        switch fullName {
        case .keep: break
        case .clear: patch.fullName = ""
        case .set(let text): patch.fullName = checks.fullName(text)
        }
        switch bio {
        case .keep: break
        case .clear: patch.bio = ""
        case .set(let text): patch.bio = checks.bio(text)
        }
        switch birthDate {
        case .keep: break
        case .clear: patch.birthDate = .some(nil)
        case .set(let text): patch.birthDate = .some(checks.birthDate(text))
        }
        guard checks.errors.isEmpty else { throw FieldErrors(all: checks.errors) }
        return patch
    }
}

/// Changes to a profile that may be made; nil leaves a field as it is.
struct CheckedProfilePatch: Sendable {
    var username: Username?
    var email: EmailAddress?
    var fullName: String?
    var bio: String?
    var birthDate: CalendarDate??

    var isEmpty: Bool {
        username == nil && email == nil && fullName == nil && bio == nil && birthDate == nil
    }

    func apply(to profile: inout Profile) {
        if let username { profile.username = username }
        if let email { profile.email = email }
        if let fullName { profile.fullName = fullName }
        if let bio { profile.bio = bio }
        if let birthDate { profile.birthDate = birthDate }
    }
}
