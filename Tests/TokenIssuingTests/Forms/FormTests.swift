import Testing

@testable import TokenIssuing

@Suite("Forms")
struct FormTests {
    @Test("everything that is wrong is said at once, in the order of the fields")
    func allErrors() {
        let form = RegistrationForm(
            username: "a@b", email: "nobody", password: "short",
            fullName: String(repeating: "x", count: 1_001), bio: "a\u{0}b", birthDate: "2025-02-29")
        #expect(
            errors(form) == [
                "username forbidden_character", "email malformed", "password too_short",
                "full_name too_long", "bio forbidden_character", "birth_date malformed",
            ])
    }

    @Test("user name, e-mail address and password must be there")
    func required() {
        #expect(
            errors(RegistrationForm(username: nil, email: nil, password: nil)) == [
                "username required", "email required", "password required",
            ])
        #expect(
            errors(RegistrationForm(username: "", email: "", password: "")) == [
                "username required", "email required", "password too_short",
            ])
    }

    @Test("what is taken is kept byte for byte")
    func kept() throws {
        let bio = String(repeating: "ä", count: 8 * 1024)
        let form = RegistrationForm(
            username: "Alice", email: "Alice@Example.com", password: " \u{0} fifteen char ",
            fullName: String(repeating: "é", count: 1_000), bio: "\(bio.dropLast(2))\r\n\t",
            birthDate: "2024-02-29")
        let (profile, password) = try form.checked(minimumPasswordLength: 15)
        #expect(profile.username.text == "Alice")
        #expect(profile.email.text == "Alice@Example.com")
        #expect(profile.fullName == form.fullName)
        #expect(profile.bio == form.bio)
        #expect(profile.birthDate?.description == "2024-02-29")
        #expect(password.bytes == Array(" \u{0} fifteen char ".utf8))
    }

    @Test("full name, biography and date of birth may be left out")
    func optional() throws {
        let form = RegistrationForm(
            username: "alice", email: "alice@example.com", password: "correct horse battery")
        let profile = try form.checked(minimumPasswordLength: 15).profile
        #expect(profile.fullName.isEmpty && profile.bio.isEmpty && profile.birthDate == nil)
    }

    @Test(
        "passwords are counted in characters below and in bytes above",
        arguments: [
            (String(repeating: "x", count: 14), "password too_short"),
            (String(repeating: "x", count: 15), nil), (String(repeating: "🔑", count: 15), nil),
            (String(repeating: "x", count: 1_024), nil),
            (String(repeating: "x", count: 1_025), "password too_long"),
            (String(repeating: "🔑", count: 256), nil),
            (String(repeating: "🔑", count: 257), "password too_long"),
            (String(repeating: " ", count: 15), nil),
        ] as [(String, String?)])
    func passwordLength(password: String, error: String?) {
        let form = RegistrationForm(
            username: "alice", email: "alice@example.com", password: password)
        #expect(errors(form) == (error.map { [$0] } ?? []))
    }

    @Test("biographies have at most 16 KiB")
    func longBio() {
        let form = RegistrationForm(
            username: "alice", email: "alice@example.com", password: "correct horse battery",
            bio: String(repeating: "x", count: 16 * 1024 + 1))
        #expect(errors(form) == ["bio too_long"])
    }

    @Test("no message repeats what was typed")
    func secrecy() {
        let form = RegistrationForm(
            username: "typed-username\u{0}", email: "typed-address", password: "typed-secret",
            fullName: "typed-name\u{0}", bio: "typed-bio\u{0}", birthDate: "typed-date")
        do {
            _ = try form.checked(minimumPasswordLength: 15)
        } catch {
            #expect(error.all.count == 6)
            for error in error.all { #expect(!error.description.contains("typed-")) }
        }
    }

    @Test("a patch changes what it names and clears what it nulls")
    func patch() throws {
        var profile = Profile(
            username: try Username(parsing: "alice"),
            email: try EmailAddress(parsing: "alice@example.com"), fullName: "Alice", bio: "Bio",
            birthDate: CalendarDate("1990-01-01"))
        let kept = profile
        try ProfilePatch().checked().apply(to: &profile)
        #expect(profile == kept)
        let patch = ProfilePatch(
            username: .set("Alice"), fullName: .clear, bio: .set("New"), birthDate: .clear)
        try patch.checked().apply(to: &profile)
        #expect(profile.username.text == "Alice")
        #expect(profile.email == kept.email)
        #expect(profile.fullName.isEmpty && profile.bio == "New" && profile.birthDate == nil)
        try ProfilePatch(birthDate: .set("2001-12-31")).checked().apply(to: &profile)
        #expect(profile.birthDate?.description == "2001-12-31")
    }

    @Test("a patch with errors says all of them and is not made")
    func badPatch() {
        let patch = ProfilePatch(
            username: .clear, fullName: .set("a\nb"), bio: .set("\u{7}"), birthDate: .set(""))
        let error = #expect(throws: FieldErrors.self) { try patch.checked() }
        #expect(
            error?.all.map { "\($0.field) \($0.code.rawValue)" } == [
                "username required", "full_name forbidden_character", "bio forbidden_character",
                "birth_date malformed",
            ])
    }

    @Test("group and permission names have a form")
    func names() {
        #expect(NameRules.check(groups: ["Data team"], permissions: ["app.view_x"]).isEmpty)
        for group in ["", " x", "a\nb", String(repeating: "x", count: 151)] {
            #expect(NameRules.check(groups: [group], permissions: []).map(\.field) == ["groups"])
        }
        for name in ["", "view", ".view", "app.", "app. view", "app.a\u{0}"] {
            let errors = NameRules.check(groups: [], permissions: [name])
            #expect(errors.map(\.field) == ["permissions"])
        }
    }

    @Test("names are listed in the order of their bytes, once")
    func nameList() {
        #expect(
            NameList.sorted(["b", "a", "B", "a", "\u{E9}", "e\u{301}"]).map { Array($0.utf8) }
                == ["B", "a", "b", "e\u{301}", "\u{E9}"].map { Array($0.utf8) })
        #expect(NameList.contains(["\u{E9}"], "\u{E9}"))
        #expect(!NameList.contains(["\u{E9}"], "e\u{301}"))
    }

    private func errors(_ form: RegistrationForm) -> [String] {
        do {
            _ = try form.checked(minimumPasswordLength: 15)
            return []
        } catch {
            return error.all.map { "\($0.field) \($0.code.rawValue)" }
        }
    }
}
