import Cryptography
import StrictJSON
import Testing
import TokenVerification

@testable import TokenIssuing

@Suite("Access tokens")
struct AccessTokenTests {
    @Test("have exactly the documented header and claims, in this order")
    func claims() async throws {
        let fixture = try IssuerFixture()
        let account = try await fixture.register()
        _ = try await fixture.administration.grant("viewer", to: "alice")
        _ = try await fixture.administration.set(
            "alice", AccountChanges(groups: NameEdit(added: ["ops"])))
        let tokens = try await fixture.signIn()
        let parts = tokens.accessToken.split(separator: ".").map(String.init)
        let header = try #require(Base64URL.decode(parts[0]))
        #expect(
            String(decoding: header, as: UTF8.self)
                == #"{"typ":"at+jwt","alg":"ES256","kid":"\#(fixture.signingKey.keyID)"}"#)
        let payload = try #require(Base64URL.decode(parts[1]))
        let claims = try JSONReader.read(payload.span, limits: .payload)
        let identifier = try #require(claims["jti"]?.string)
        #expect(Base64URL.decode(identifier)?.count == 16)
        let now = fixture.now
        #expect(
            String(decoding: payload, as: UTF8.self)
                == #"{"iss":"https://ostiary.test","sub":"\#(account.id)","aud":"ostiary","#
                + #""client_id":"ostiary","iat":\#(now),"exp":\#(now + 300),"jti":"\#(identifier)","#
                + #""roles":["viewer"],"sid":"\#(tokens.session)","uv":3,"auth_time":\#(now),"#
                + #""acr":"aal1","amr":["pwd"],"groups":["ops"]}"#)
    }

    @Test("are verified by the verifier of every request, until they expire")
    func verified() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        let verified = try fixture.verify(tokens.accessToken)
        #expect(verified.subject == tokens.account.id.description)
        #expect(verified.sessionID == tokens.session)
        #expect(verified.expiresAt == fixture.now + 300)
        #expect(verified.claims["roles"] == .array([]))
        #expect(verified.claims["groups"] == nil)
        for personal in ["email", "preferred_username", "name", "is_staff", "is_superuser"] {
            #expect(verified.claims[personal] == nil)
        }
        fixture.advance(by: 330)
        #expect(throws: TokenRejection.self) { try fixture.verify(tokens.accessToken) }
    }

    @Test("name the person only as far as the settings say")
    func personalClaims() async throws {
        let fixture = try IssuerFixture {
            $0.tokenClaims = [.preferredUsername, .email, .emailVerified]
        }
        let claims = try fixture.verify(try await fixture.signedIn().accessToken).claims
        #expect(claims["preferred_username"] == .string("alice"))
        #expect(claims["email"] == .string("alice@example.com"))
        #expect(claims["email_verified"] == .bool(false))
    }

    @Test("last as long as the settings say")
    func lifetime() async throws {
        let fixture = try IssuerFixture { $0.accessLifetime = 60 }
        let tokens = try await fixture.signedIn()
        #expect(tokens.expiresIn == 60)
        #expect(try fixture.verify(tokens.accessToken).expiresAt == fixture.now + 60)
    }

    @Test("each has an identifier of its own")
    func identifiers() async throws {
        let fixture = try IssuerFixture()
        let tokens = try await fixture.signedIn()
        var identifiers: Set<String> = []
        for _ in 0..<20 {
            let again = try await fixture.refresh(tokens.refreshToken)
            let claims = try fixture.verify(again.accessToken).claims
            identifiers.insert(try #require(claims["jti"]?.string))
        }
        #expect(identifiers.count == 20)
    }

    @Test(
        "have at most 700 bytes with as many names as an account can have",
        arguments: [
            "https://ostiary.test",
            "https://" + String(repeating: "x", count: 56),
        ])
    func size(issuer: String) async throws {
        let fixture = try IssuerFixture { $0.issuer = issuer }
        try await fixture.register()
        // Names of one letter fill the room to the last bytes.
        var groups: [String] = []
        for number in 0..<1_000 {
            do throws(AdministrationError) {
                _ = try await fixture.administration.set(
                    "alice", AccountChanges(groups: NameEdit(added: ["\(number)"])))
                groups.append("\(number)")
            } catch {
                #expect(error == .tooManyNames)
                break
            }
        }
        #expect(groups.count >= 5)
        let account = try await fixture.administration.find("alice")
        #expect(account.groups.count == groups.count)
        // As the version will be after millions of changes.
        _ = try await fixture.store.update(account.id) { $0.tokenVersion = 9_999_999 }
        let tokens = try await fixture.signIn()
        #expect(tokens.accessToken.utf8.count <= 700)
        #expect(tokens.accessToken.utf8.count > 680)
        _ = try fixture.verify(tokens.accessToken)
    }

    @Test("a longer issuer leaves room for as many names as one of 64 bytes, as does an audience")
    func longIssuer() {
        func room(_ bytes: Int, audience: [String] = ["ostiary"]) -> Int {
            let settings = IssuerSettings(
                issuer: String(repeating: "x", count: bytes), audience: audience)
            let size = AccessTokenSize(settings)
            return (0..<500).prefix { count in
                size.allows(roles: [String(repeating: "r", count: count)], groups: [])
            }.count
        }
        #expect(room(65) == room(64))
        #expect(room(500) == room(64))
        #expect(room(20) > room(64))
        #expect(room(64) > 30)
        #expect(room(64, audience: ["https://app.example.com/a", "ostiary"]) == room(64))
    }

    @Test("default roles are measured too")
    func defaultRoles() {
        var settings = IssuerSettings(issuer: "https://ostiary.test", audience: ["ostiary"])
        #expect(settings.allowsDefaultRoles)
        settings.defaultRoles = ["viewer", "editor"]
        #expect(settings.allowsDefaultRoles)
        settings.defaultRoles = (0..<50).map { "role-\($0)" }
        #expect(!settings.allowsDefaultRoles)
    }
}
