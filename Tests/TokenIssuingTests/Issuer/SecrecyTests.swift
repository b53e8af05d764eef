import Testing

@testable import TokenIssuing

@Suite("Secrets")
struct SecrecyTests {
    @Test("no secret shows in descriptions, interpolations, mirrors or dumps")
    func redacted() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        let token = try #require(RefreshToken(tokens.refreshToken, keys: fixture.refreshKeys))
        let session = try #require(try await fixture.session(tokens.session))
        let stored = try #require(try await fixture.store.account(named: SignInName("alice")))
        let password = try #require(Password(IssuerFixture.password))
        let form = RegistrationForm(
            username: "alice", email: "alice@example.com", password: IssuerFixture.password)
        let accountForm = AccountForm(
            username: "alice", email: "alice@example.com", password: IssuerFixture.password)
        let rotation = SessionRotation(
            session: session.id, generation: 0, currentHash: token.hash, nextHash: token.hash,
            salt: fixture.refreshKeys.derivation, idleUntil: 0, now: 0)
        let secrets =
            [
                IssuerFixture.password, tokens.refreshToken, tokens.accessToken,
                stored.passwordHash.encoded,
            ]
            // As arrays of bytes are printed.
            + [
                token.hash, fixture.refreshKeys.authentication, fixture.refreshKeys.derivation,
                password.bytes,
            ].map { "\($0.prefix(6).map(String.init).joined(separator: ", "))" }
        let values: [Any] = [
            tokens, token, session, stored, password, form, accountForm, rotation,
            fixture.refreshKeys, fixture.issuer, fixture.administration, fixture.passwords,
            fixture.settings, [form as RegistrationForm?], [password], ["key": tokens],
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            // What `dump` of an array of bytes looks like.
            let compact = dumped.split(separator: "\n")
                .map { $0.drop { " -▿".contains($0) } }.joined(separator: ", ")
            for text in ["\(value)", String(reflecting: value), dumped, compact] {
                let shown = secrets.filter { text.contains($0) }
                #expect(shown.isEmpty, "\(type(of: value)) shows a secret")
            }
        }
    }

    @Test("errors hold no password, no token and no hash")
    func errors() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        var texts: [String] = []
        func note(_ work: () async throws -> Void) async {
            do {
                try await work()
                Issue.record("nothing was thrown")
            } catch {
                texts += ["\(error)", String(reflecting: error)]
                dump(error, to: &texts[texts.count - 1])
            }
        }
        let secret = "typed secret"
        await note {
            _ = try await fixture.issuer.register(
                RegistrationForm(username: "x", email: "x@x.example", password: secret))
        }
        await note {
            _ = try await fixture.issuer.signIn(
                "alice", password: secret, from: IssuerFixture.client)
        }
        await note { _ = try await fixture.refresh(tokens.refreshToken + "x") }
        await note { _ = try await fixture.administration.setPassword("alice", secret) }
        #expect(texts.count == 8)
        for text in texts {
            #expect(!text.contains(secret) && !text.contains(tokens.refreshToken))
        }
    }

    @Test("every error has a code of its own")
    func codes() {
        let errors: [IssuerError] = [
            .registrationClosed, .usernameTaken, .emailTaken, .invalid([]), .badCredentials,
            .invalidGrant, .sessionEnded, .busy, .storeUnavailable(.full), .notSigned(.tooLarge),
        ]
        #expect(Set(errors.map(\.code)).count == errors.count)
        let administration: [AdministrationError] = [
            .noSuchAccount("x"), .usernameTaken, .emailTaken, .invalid([]),
            .unknownRole("x", declared: []), .tooManyNames, .busy, .storeUnavailable(.readOnly),
        ]
        #expect(Set(administration.map(\.code)).count == administration.count)
        for error in administration where error.code != "validation_failed" {
            let text = error.description
            #expect(!text.isEmpty && !text.hasSuffix(".") && text.first?.isUppercase == false)
        }
    }
}
