import TextFolding

extension Username {
    /// Checks a name that somebody has typed: 1 to 255 characters, no `@`, no control characters, no
    /// white space at its ends.
    package init(parsing text: String, field: String = "username") throws(FieldError) {
        guard !text.isEmpty else { throw .required(field) }
        guard TextRules.characterCount(text) <= 255 else {
            throw FieldError(field, .tooLong, "must have at most 255 characters")
        }
        guard !text.unicodeScalars.contains("@") else {
            throw FieldError(
                field, .forbiddenCharacter, "must not hold `@`, which marks e-mail addresses")
        }
        guard !TextRules.hasControl(text) else {
            throw FieldError(field, .forbiddenCharacter, "must not hold control characters")
        }
        guard !TextRules.hasOuterWhiteSpace(text) else {
            throw FieldError(
                field, .outerWhiteSpace, "must not begin or end with white space")
        }
        self.init(stored: text, folded: CaseFolding.fold(text))
    }
}
