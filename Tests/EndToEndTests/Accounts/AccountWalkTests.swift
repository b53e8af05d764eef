import TestSupport
import Testing

@Suite(
    "an account from registration to sign-out",
    .gate({ $0.useAccounts(defaultRoles: ["viewer"]) }), .serialized)
struct AccountWalkTests {
    @Test("register, sign in, use, be granted a role, refresh, sign out")
    func wholeWalk() throws {
        let gate = try currentFixture().gate
        let alice = Person("alice")
        let registered = try gate.exchange(AccountRequest.register(alice))
        #expect(registered.status == 201, "\(registered.text)")
        let first = try gate.signIn(alice)
        #expect(try gate.status("/api/x", first.access) == 200)
        #expect(try gate.status("/admin/x", first.access) == 403)

        let granted = try gate.command(AccountCommand.grant("admin", to: alice))
        #expect(granted.status == 0, "\(granted.error)")
        let second = try gate.signIn(alice)
        #expect(try gate.status("/admin/x", second.access) == 200)
        let third = try gate.refresh(first.refresh)
        #expect(try gate.status("/admin/x", third.access) == 200)

        let race = try gate.exchangeTogether(
            Array(repeating: AccountRequest.refresh(third.refresh), count: 8))
        let pairs = try race.map { try TokenPair($0) }
        #expect(Set(pairs.map(\.refresh)).count == 1)
        for pair in pairs { #expect(try gate.status("/admin/x", pair.access) == 200) }

        let reused = try gate.exchange(AccountRequest.refresh(first.refresh))
        #expect(reused.status == 400)
        #expect(reused.oauthError == "invalid_grant")
        for token in [first.access, third.access] + pairs.map(\.access) {
            #expect(try gate.status("/api/x", token) == 401)
        }
        #expect(try gate.exchange(AccountRequest.refresh(pairs[0].refresh)).status == 400)

        // Her other session has nothing to do with that one.
        #expect(try gate.status("/api/x", second.access) == 200)
        #expect(try gate.exchange(AccountRequest.signOut(second.access)).status == 204)
        #expect(try gate.status("/api/x", second.access) == 401)
        #expect(try gate.exchange(AccountRequest.refresh(second.refresh)).status == 400)
    }

    @Test("the app is told who it is, by the account's id and roles")
    func identity() throws {
        let fixture = try currentFixture()
        let (_, tokens) = try fixture.gate.newcomer(roles: ["admin"])
        let subject = try #require(try tokens.claims().string("sub"))
        #expect(try fixture.gate.status("/api/identity", tokens.access) == 200)
        let received = try #require(fixture.upstream.requests(path: "/api/identity").last)
        expectIdentity(subject, roles: "admin,viewer", in: received)
    }

    @Test("signing in works by address and by name, in any letter case, and by nothing else")
    func signInNames() throws {
        let gate = try currentFixture().gate
        let (person, _) = try gate.newcomer("Zoe")
        for login in [
            person.username, person.email, person.username.uppercased(),
            person.email.uppercased(), person.email.lowercased(),
        ] {
            let answer = try gate.exchange(AccountRequest.signIn(login, person.password))
            #expect(answer.status == 200, "\(login)")
        }
        for login in [person.fullName, "", " \(person.username)", "\(person.username)@people"] {
            let answer = try gate.exchange(AccountRequest.signIn(login, person.password))
            #expect([401, 422].contains(answer.status), "\(login)")
        }
        let last = person.password.last.map { String($0) } ?? ""
        for password in [
            "", person.password + " ", String(person.password.dropLast()),
            person.password.lowercased(), person.password + last,
        ] {
            let answer = try gate.exchange(AccountRequest.signIn(person.username, password))
            #expect([401, 422].contains(answer.status))
        }
    }

    @Test("the access token has the profile's header and claims, and at most 700 bytes")
    func accessToken() throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.newcomer(roles: ["admin"])
        #expect(tokens.access.utf8.count <= 700)
        let header = try tokens.header()
        #expect(header.names == ["alg", "kid", "typ"])
        #expect(header.string("alg") == "ES256" && header.string("typ") == "at+jwt")
        let claims = try tokens.claims()
        #expect(claims.string("iss") == "http://app.test")
        #expect(claims.string("client_id") == "ostiary")
        #expect(claims.strings("roles") == ["admin", "viewer"])
        #expect((claims.string("sid") ?? "").utf8.count == 36)
        let issued = try #require(claims.int("iat"))
        let expires = try #require(claims.int("exp"))
        #expect(expires - issued == 300)
        #expect((1...300).contains(tokens.expiresIn))
        for personal in ["email", "preferred_username", "name", "is_superuser", "is_staff"] {
            #expect(!claims.names.contains(personal))
        }

        let keys = try gate.exchange(AccountRequest.get("/.well-known/jwks.json")).object()
        let key = try #require(
            keys.objects("keys")?.first { $0.string("kid") == header.string("kid") })
        #expect(key.string("kty") == "EC" && key.string("crv") == "P-256")
        #expect(!key.names.contains("d"))
    }

    @Test("the two documents name the same issuer and may be kept for a while")
    func documents() throws {
        let gate = try currentFixture().gate
        let path = "/.well-known/oauth-authorization-server"
        let answer = try gate.exchange(AccountRequest.get(path))
        #expect(answer.status == 200)
        let document = try answer.object()
        #expect(document.string("issuer") == "http://app.test")
        #expect(document.string("jwks_uri") == "http://app.test/.well-known/jwks.json")
        #expect(document.string("token_endpoint") == "http://app.test/_ostiary/oauth/token")
        for path in [path, "/.well-known/jwks.json"] {
            let answer = try gate.exchange(AccountRequest.get(path))
            let tag = try #require(answer.value("ETag"))
            #expect(answer.value("Cache-Control")?.contains("max-age=300") == true)
            let again = try gate.exchange(
                AccountRequest.get(path, fields: ["If-None-Match: \(tag)"]))
            #expect(again.status == 304)
            #expect(again.value("Content-Length") ?? "0" == "0")
        }
    }

    @Test("the own profile is read and changed without any token in the answer")
    func profile() throws {
        let gate = try currentFixture().gate
        let (person, tokens) = try gate.newcomer()
        let before = try gate.exchange(AccountRequest.me(tokens.access))
        #expect(before.status == 200)
        let user = try before.object()
        #expect(user.names == Self.userMembers)
        #expect(user.string("username") == person.username)
        #expect(user.string("email") == person.email)
        #expect(user.strings("roles") == ["viewer"])
        #expect(user.isNull("birth_date"))
        #expect(before.value("Cache-Control") == "no-store")

        let changed = try gate.exchange(
            AccountRequest.patchMe(
                tokens.access, #"{"bio":"gardener","birth_date":"1990-02-28","full_name":"Z"}"#))
        #expect(changed.status == 200)
        let after = try gate.exchange(AccountRequest.me(tokens.access)).object()
        #expect(after.string("bio") == "gardener")
        #expect(after.string("birth_date") == "1990-02-28")
        #expect(after.string("full_name") == "Z")
        #expect(after.string("username") == person.username)
        #expect(after.names == Self.userMembers)
    }

    @Test(
        "what only others may change cannot be patched",
        arguments: [
            #"{"roles":["admin"]}"#, #"{"is_superuser":true}"#, #"{"is_staff":true}"#,
            #"{"groups":["g"]}"#, #"{"permissions":["a.b"]}"#, #"{"email":"x@y.test"}"#,
            #"{"password":"a long enough password"}"#,
            #"{"id":"00000000-0000-4000-8000-000000000000"}"#,
            #"{"is_active":false}"#, #"{"birth_date":"1990-02-30"}"#, #"{"bio":7}"#, "[]", "7", "",
            #"{"bio":"a","bio":"b"}"#, #"{"bio":"a"}x"#,
        ])
    func forbiddenPatch(document: String) throws {
        let gate = try currentFixture().gate
        let (_, tokens) = try gate.resident()
        let before = try gate.exchange(AccountRequest.me(tokens.access)).text
        let answer = try gate.exchange(AccountRequest.patchMe(tokens.access, document))
        #expect([400, 422].contains(answer.status))
        #expect(try gate.exchange(AccountRequest.me(tokens.access)).text == before)
    }

    @Test("a registration cannot give itself what the server decides")
    func forbiddenRegistration() throws {
        let gate = try currentFixture().gate
        for member in [
            #""roles":["admin"]"#, #""is_superuser":true"#, #""is_staff":true"#,
            #""is_active":true"#, #""groups":[]"#, #""id":"x""#,
        ] {
            let person = Person()
            let document = "{\(member)," + person.registration.dropFirst()
            let answer = try gate.exchange(AccountRequest.register(document))
            #expect([400, 422].contains(answer.status), "\(member)")
            #expect(try gate.exchange(AccountRequest.signIn(person)).status == 401)
        }
    }

    @Test("a name or an address that is taken, in any letter case, is said")
    func taken() throws {
        let gate = try currentFixture().gate
        let (first, _) = try gate.newcomer("Anna")
        func answer(username: String, email: String) throws -> RawResponse {
            try gate.exchange(
                AccountRequest.register(
                    #"{"email":"\#(email)","username":"\#(username)","#
                        + #""password":"\#(Person.newPassword())"}"#))
        }
        let other = Person()
        let name = try answer(username: first.username.uppercased(), email: other.email)
        #expect(name.status == 409 && name.reason == "username_taken")
        let address = try answer(username: other.username, email: first.email.uppercased())
        #expect(address.status == 409 && address.reason == "email_taken")
        let both = try answer(username: first.username, email: first.email)
        #expect(both.status == 409 && both.reason == "username_taken")
        #expect(try answer(username: other.username, email: other.email).status == 201)
    }

    private static let userMembers = [
        "bio", "birth_date", "created_at", "email", "full_name", "groups", "id", "is_active",
        "is_staff", "is_superuser", "last_login", "permissions", "roles", "updated_at", "username",
    ]
}
