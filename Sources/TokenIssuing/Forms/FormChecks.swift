/// Checks the fields of one form and collects what is wrong with any of them, so that its sender
/// learns all of it at once. A value that is nil has left an error.
struct FormChecks {
    private(set) var errors: [FieldError] = []

    mutating func username(_ text: String?) -> Username? {
        required("username", text) { text throws(FieldError) in try Username(parsing: text) }
    }

    mutating func email(_ text: String?) -> EmailAddress? {
        required("email", text) { text throws(FieldError) in try EmailAddress(parsing: text) }
    }

    /// At least `minimum` characters (Unicode scalars), and no other rule of composition.
    mutating func password(_ text: String?, minimum: Int) -> Password? {
        required("password", text) { text throws(FieldError) in
            guard TextRules.characterCount(text) >= minimum else {
                throw FieldError(
                    "password", .tooShort, "must have at least \(minimum) characters")
            }
            guard let password = Password(text) else {
                throw FieldError(
                    "password", .tooLong, "must have at most \(Password.maximumByteCount) bytes")
            }
            return password
        }
    }

    mutating func fullName(_ text: String) -> String? {
        guard TextRules.characterCount(text) <= 1000 else {
            return refuse("full_name", .tooLong, "must have at most 1000 characters")
        }
        guard !TextRules.hasControl(text) else {
            return refuse("full_name", .forbiddenCharacter, "must not hold control characters")
        }
        return text
    }

    mutating func bio(_ text: String) -> String? {
        guard text.utf8.count <= 16 * 1024 else {
            return refuse("bio", .tooLong, "must have at most 16384 bytes")
        }
        guard !TextRules.hasControl(text, except: ["\n", "\r", "\t", "\u{2028}", "\u{2029}"])
        else {
            return refuse(
                "bio", .forbiddenCharacter, "must not hold control characters besides line ends")
        }
        return text
    }

    /// - Returns: nil also for nil, which is no error.
    mutating func birthDate(_ text: String?) -> CalendarDate? {
        guard let text else { return nil }
        guard let date = CalendarDate(text) else {
            return refuse("birth_date", .malformed, "must be a date such as `1990-02-28`")
        }
        return date
    }

    /// `full_name`, `bio` and `birth_date`, none of which must be there.
    mutating func profile(
        _ username: Username?, _ email: EmailAddress?, fullName: String?, bio: String?,
        birthDate: String?
    ) -> Profile? {
        let fullName = self.fullName(fullName ?? "")
        let bio = self.bio(bio ?? "")
        let birthDate = self.birthDate(birthDate)
        guard let username, let email, let fullName, let bio, errors.isEmpty else { return nil }
        return Profile(
            username: username, email: email, fullName: fullName, bio: bio, birthDate: birthDate)
    }

    mutating func add(_ error: FieldError) { errors.append(error) }

    private mutating func required<Value>(
        _ field: String, _ text: String?, _ parse: (String) throws(FieldError) -> Value
    ) -> Value? {
        guard let text else {
            errors.append(.required(field))
            return nil
        }
        do throws(FieldError) {
            return try parse(text)
        } catch {
            errors.append(error)
            return nil
        }
    }

    private mutating func refuse<Value>(
        _ field: String, _ code: FieldError.Code, _ message: String
    ) -> Value? {
        errors.append(FieldError(field, code, message))
        return nil
    }
}
