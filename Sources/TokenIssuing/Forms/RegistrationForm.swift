/// What somebody asks an account to be made of, as it was sent: nothing is checked yet.
package struct RegistrationForm: Sendable, Redacted {
    package var username: String?
    package var email: String?
    package var password: String?
    package var fullName: String?
    package var bio: String?
    package var birthDate: String?

    package init(
        username: String?, email: String?, password: String?, fullName: String? = nil,
        bio: String? = nil, birthDate: String? = nil
    ) {
        self.username = username
        self.email = email
        self.password = password
        self.fullName = fullName
        self.bio = bio
        self.birthDate = birthDate
    }

    /// Everything that is wrong; empty for a form that can be registered, if its names are free.
    package func errors(minimumPasswordLength: Int) -> [FieldError] {
        do throws(FieldErrors) {
            _ = try checked(minimumPasswordLength: minimumPasswordLength)
            return []
        } catch {
            return error.all
        }
    }

    /// - Throws: everything that is wrong.
    func checked(
        minimumPasswordLength: Int
    ) throws(FieldErrors) -> (profile: Profile, password: Password) {
        var checks = FormChecks()
        let username = checks.username(username)
        let email = checks.email(email)
        let password = checks.password(password, minimum: minimumPasswordLength)
        let profile = checks.profile(
            username, email, fullName: fullName, bio: bio, birthDate: birthDate)
        guard let profile, let password else { throw FieldErrors(all: checks.errors) }
        return (profile, password)
    }
}

/// Everything that is wrong with a form.
struct FieldErrors: Error {
    let all: [FieldError]
}
