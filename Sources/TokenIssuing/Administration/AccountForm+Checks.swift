extension AccountForm {
    /// - Throws: everything that is wrong, besides roles, which the policy knows.
    func checked(
        minimumPasswordLength: Int
    ) throws(FieldErrors) -> (profile: Profile, password: Password) {
        var errors = NameRules.check(groups: groups, permissions: permissions)
        do throws(FieldErrors) {
            let checked = try registration.checked(minimumPasswordLength: minimumPasswordLength)
            if errors.isEmpty { return checked }
        } catch {
            errors = error.all + errors
        }
        throw FieldErrors(all: errors)
    }
}

extension AccountChanges {
    /// - Throws: everything that is wrong.
    func checked() throws(FieldErrors) -> CheckedAccountChanges {
        var errors = NameRules.check(groups: groups.added, permissions: permissions.added)
        do throws(FieldErrors) {
            let profile = try profile.checked(email: email)
            if errors.isEmpty {
                return CheckedAccountChanges(
                    profile: profile, isStaff: isStaff, isSuperuser: isSuperuser,
                    groups: groups, permissions: permissions)
            }
        } catch {
            errors = error.all + errors
        }
        throw FieldErrors(all: errors)
    }
}

/// Changes to an account that may be made; nil leaves a field as it is.
struct CheckedAccountChanges: Sendable {
    let profile: CheckedProfilePatch
    let isStaff: Bool?
    let isSuperuser: Bool?
    let groups: NameEdit
    let permissions: NameEdit

    func apply(to account: inout Account) {
        profile.apply(to: &account.profile)
        if let isStaff { account.isStaff = isStaff }
        if let isSuperuser { account.isSuperuser = isSuperuser }
        groups.apply(to: &account.groups)
        permissions.apply(to: &account.permissions)
    }
}

/// Rules for the names of groups and permissions.
enum NameRules {
    static func check(groups: [String], permissions: [String]) -> [FieldError] {
        var errors: [FieldError] = []
        if !groups.allSatisfy(isGroup) {
            errors.append(
                FieldError(
                    "groups", .malformed,
                    "must have names of 1 to 150 characters without control characters"))
        }
        if !permissions.allSatisfy(isPermission) {
            errors.append(
                FieldError(
                    "permissions", .malformed,
                    "must have names such as `reports.view_report`, of at most 255 characters"))
        }
        return errors
    }

    private static func isGroup(_ name: String) -> Bool {
        (1...150).contains(TextRules.characterCount(name)) && !TextRules.hasControl(name)
            && !TextRules.hasOuterWhiteSpace(name)
    }

    /// Django's form: the app's label, a dot, the codename.
    private static func isPermission(_ name: String) -> Bool {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && TextRules.characterCount(name) <= 255
            && name.unicodeScalars.allSatisfy {
                !TextRules.isControl($0) && !$0.properties.isWhitespace
            }
    }
}
