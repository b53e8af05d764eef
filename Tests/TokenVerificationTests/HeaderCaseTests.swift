import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Token cases 29 to 51: algorithm and header")
struct HeaderCaseTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test(
        "case 29: `none` in any spelling is refused", arguments: ["none", "None", "NONE", "nOnE"])
    func none(name: String) throws {
        let header = #"{"alg":"\#(name)","kid":"ES256"}"#
        let message = Forge.base64URL(header) + "." + Forge.base64URL(Forge.payload())
        #expect(try forge.outcome(message + ".") == "token_alg")
        #expect(try forge.outcome(message + ".AA") == "token_alg")
        #expect(try forge.outcome(forge.sign(message)) == "token_alg")
    }

    @Test(
        "case 30: a missing or mistyped alg is malformed",
        arguments: [
            #"{"kid":"ES256"}"#, #"{"alg":"","kid":"ES256"}"#, #"{"alg":1,"kid":"ES256"}"#,
            #"{"alg":["ES256"],"kid":"ES256"}"#, #"{"alg":null,"kid":"ES256"}"#,
            #"{"alg":{"alg":"ES256"},"kid":"ES256"}"#,
        ])
    func noAlgorithm(header: String) throws {
        #expect(try forge.outcome(forge.token(header: header)) == "token_malformed")
    }

    @Test("cases 31 and 32: a MAC keyed with the public key is refused in every form of the key")
    func confusion() throws {
        for algorithm in SignatureAlgorithm.asymmetric {
            let publicKey = forge.key(algorithm).publicKey
            let pem = publicKey.pem()
            let lines = pem.split(separator: "\n")
            let body = lines.dropFirst().dropLast().joined()
            let secrets = [
                pem, pem.replacing("\n", with: "\r\n"), " " + pem, String(pem.dropLast()), body,
                jwk(publicKey), JSONWebKey.thumbprint(of: publicKey), "ssh-ed25519 " + body, "",
                "secret", String(repeating: "\u{0}", count: 32),
            ].map { Array($0.utf8) }
            for secret in secrets {
                let header = #"{"alg":"HS256","kid":"\#(algorithm.rawValue)"}"#
                let message = Forge.base64URL(header) + "." + Forge.base64URL(Forge.payload())
                let mac = hmacSHA256(key: secret, message: Array(message.utf8))
                let token = message + "." + Base64URL.encodeToString(mac.span)
                #expect(try forge.outcome(token) == "token_alg")
            }
        }
    }

    @Test("the MAC of these tests is the HMAC of RFC 4231")
    func hmacVector() {
        let mac = hmacSHA256(
            key: Array("Jefe".utf8), message: Array("what do ya want for nothing?".utf8))
        #expect(mac.prefix(4).elementsEqual([0x5B, 0xDC, 0xC1, 0x46]))
        #expect(mac.suffix(4).elementsEqual([0x64, 0xEC, 0x38, 0x43]))
    }

    @Test(
        "cases 34, 37 and 58: names in another case and algorithms not offered are refused",
        arguments: [
            "rs256", "es256", "eddsa", "EDDSA", "ES256K", "Ed448", "ES521", "ES384", "PS256",
            "RS512", "HS256", "RSA1_5", "A256KW", "dir", "ES256 ", " ES256", "ES256\\u0000",
        ])
    func unknownAlgorithms(name: String) throws {
        let token = try forge.token(header: #"{"alg":"\#(name)","kid":"ES256"}"#)
        #expect(try forge.outcome(token) == "token_alg")
    }

    @Test("an algorithm that the issuer's rules leave out is refused")
    func notAllowed() throws {
        let token = try forge.token()
        #expect(try forge.outcome(token) { $0.algorithms = [.rs256, .edDSA] } == "token_alg")
        #expect(try forge.outcome(token) { $0.algorithms = [] } == "token_alg")
    }

    @Test("cases 35, 36 and 70: an algorithm that the key is not for is refused")
    func algorithmMismatch() throws {
        for asked in SignatureAlgorithm.asymmetric {
            for present in SignatureAlgorithm.asymmetric where present != asked {
                let header = #"{"alg":"\#(asked.rawValue)","kid":"\#(present.rawValue)"}"#
                let token = try forge.token(header: header, signedWith: asked)
                #expect(try forge.outcome(token) == "token_alg")
            }
        }
    }

    @Test("case 38: an attacker's key in the header is not used, nor is the token accepted")
    func embeddedKey() throws {
        let attacker = try PrivateKey.generate(.es256)
        let header = Forge.header(.es256, #","jwk":\#(jwk(attacker.publicKey))"#)
        let forged = try forge.token(
            header: Array(header.utf8), payload: Array(Forge.payload().utf8), attacker, .es256)
        #expect(try forge.outcome(forged) == "token_header")
        #expect(try forge.outcome(forge.token(header: header)) == "token_header")
    }

    @Test(
        "cases 39, 40, 45, 46 and 47: members that point elsewhere or re-encode are refused",
        arguments: [
            #""jku":"https://evil.test/jwks""#, #""x5u":"http://127.0.0.1/""#, #""x5c":["MAA="]"#,
            #""x5c":[]"#, #""jwk":null"#, #""b64":false"#, #""b64":true"#, #""zip":"DEF""#,
            #""zip":null"#, #""cty":"JWT""#, #""cty":"application/json""#,
            #""\u006aku":"https://evil.test/""#,
        ])
    func refusedMembers(member: String) throws {
        let token = try forge.token(header: Forge.header(.es256, "," + member))
        #expect(try forge.outcome(token) == "token_header")
    }

    @Test("members without a meaning here are ignored")
    func ignoredMembers() throws {
        let more = #","x5t":"abc","iss":"https://evil.test","JKU":"x","__proto__":{"alg":"none"}"#
        let token = try forge.token(header: Forge.header(.es256, more))
        #expect(try forge.outcome(token) == "accepted")
    }

    @Test(
        "case 41: a kid that is a path, a query or a command is only a name that nobody has",
        arguments: [
            "../../../../dev/null", "/etc/passwd", "x' UNION SELECT 'a", "|id", "%00", "ES256 ",
            " ES256", "es256", "ES256\\u0000", "ES25", "ES2566",
        ])
    func hostileKeyIDs(kid: String) throws {
        let token = try forge.token(header: #"{"alg":"ES256","kid":"\#(kid)"}"#)
        #expect(try forge.outcome(token) == "token_unknown_key")
    }

    @Test(
        "case 41: a kid that is no text is malformed",
        arguments: ["1", "null", "[]", #"["ES256"]"#, "{}", "true", #""""#])
    func mistypedKeyIDs(value: String) throws {
        let token = try forge.token(header: #"{"alg":"ES256","kid":\#(value)}"#)
        #expect(try forge.outcome(token) == "token_malformed")
    }

    @Test("case 42: an unknown kid never falls back to another key, even to the only one")
    func unknownKeyID() throws {
        let token = try forge.token(header: #"{"alg":"ES256","kid":"other"}"#)
        for allow in [false, true] {
            #expect(
                try forge.outcome(token) { $0.allowMissingKeyID = allow } == "token_unknown_key")
        }
    }

    @Test("case 43: a missing kid is refused unless the rules allow it")
    func missingKeyID() throws {
        let token = try forge.token(header: #"{"alg":"ES256"}"#)
        #expect(try forge.outcome(token) == "token_unknown_key")
        #expect(try forge.outcome(token) { $0.allowMissingKeyID = true } == "accepted")
    }

    @Test("case 43: without kid the keys of the algorithm are tried, at most four")
    func severalKeys() throws {
        let keys = try (0..<5).map { _ in try PrivateKey.generate(.es256) }
        let others = [forge.rsa.publicKey, forge.ed25519.publicKey].map { jwk($0) }
        let set = try keySet(
            #"{"keys":[\#((others + keys.map { jwk($0.publicKey) }).joined(separator: ","))]}"#)
        #expect(set.keys.count == 7)
        var rules = Forge.rules
        rules.allowMissingKeyID = true
        let verifier = TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: set)]))
        for (index, key) in keys.enumerated() {
            let token = try forge.token(
                header: Array(#"{"alg":"ES256"}"#.utf8), payload: Array(Forge.payload().utf8), key,
                .es256)
            #expect(outcomeOf(token, verifier) == (index < 4 ? "accepted" : "token_signature"))
        }
    }

    @Test(
        "case 44: critical extensions are refused, and malformed lists of them",
        arguments: [
            (#""crit":["exp"]"#, "token_header"), (#""crit":["exp"],"exp":1"#, "token_header"),
            (#""crit":["x"]"#, "token_header"), (#""crit":["x"],"x":1"#, "token_header"),
            (#""crit":["b64"],"b64":false"#, "token_header"),
            (#""crit":["alg"]"#, "token_header"), (#""crit":["x","x"],"x":1"#, "token_header"),
            (#""crit":[]"#, "token_malformed"), (#""crit":"exp""#, "token_malformed"),
            (#""crit":[1]"#, "token_malformed"), (#""crit":null"#, "token_malformed"),
            (#""crit":{}"#, "token_malformed"), (#""crit":["x",1]"#, "token_malformed"),
        ])
    func critical(member: String, outcome: String) throws {
        let token = try forge.token(header: Forge.header(.es256, "," + member))
        #expect(try forge.outcome(token) == outcome)
    }

    @Test("case 48: an encrypted token is refused by its five parts, before any work")
    func encrypted() throws {
        let header = #"{"alg":"PBES2-HS256+A128KW","p2c":1000000000,"p2s":"AA","enc":"A128GCM"}"#
        let token = Forge.base64URL(header) + ".AA.AA.AA.AA"
        #expect(try forge.outcome(token) == "token_malformed")
    }

    @Test(
        "case 49: the type asked for is accepted in every spelling, others are not",
        arguments: [
            (#","typ":"at+jwt""#, "accepted"), (#","typ":"application/at+jwt""#, "accepted"),
            (#","typ":"AT+JWT""#, "accepted"), (#","typ":"Application/AT+jwt""#, "accepted"),
            (#","typ":"JWT""#, "token_type"), ("", "token_type"),
            (#","typ":"at+jwt ""#, "token_type"), (#","typ":"text/at+jwt""#, "token_type"),
            (#","typ":"application/application/at+jwt""#, "token_type"),
            (#","typ":1"#, "token_malformed"), (#","typ":["at+jwt"]"#, "token_malformed"),
            (#","typ":"""#, "token_malformed"),
        ])
    func requiredType(more: String, outcome: String) throws {
        let token = try forge.token(header: Forge.header(.es256, more))
        #expect(try forge.outcome(token) { $0.tokenTypes = ["at+jwt"] } == outcome)
    }

    @Test(
        "case 50: tokens made for another purpose are refused even where any type goes",
        arguments: [
            ("logout+jwt", "token_type"), ("dpop+jwt", "token_type"),
            ("secevent+jwt", "token_type"), ("application/Logout+JWT", "token_type"),
            ("JWT", "accepted"), ("at+jwt", "accepted"), ("Bearer", "accepted"),
        ])
    func foreignTypes(type: String, outcome: String) throws {
        let token = try forge.token(header: Forge.header(.es256, #","typ":"\#(type)""#))
        #expect(try forge.outcome(token) == outcome)
    }

    @Test(
        "case 50: tokens that a claim marks as ID, refresh or logout token are refused",
        arguments: [
            ("token_use", #""id""#, "token_type"), ("token_use", #""access""#, "accepted"),
            ("token_use", "1", "token_type"), ("typ", #""ID""#, "token_type"),
            ("typ", #""Refresh""#, "token_type"), ("typ", #""Bearer""#, "accepted"),
            ("token_type", #""refresh""#, "token_type"),
            ("token_type", #""Sliding""#, "token_type"),
            ("token_type", #""access""#, "accepted"), ("token_type", #""Bearer""#, "accepted"),
            (
                "events", #"{"http://schemas.openid.net/event/backchannel-logout":{}}"#,
                "token_type"
            ),
        ])
    func foreignPurposes(claim: String, value: String, outcome: String) throws {
        let token = try forge.token(payload: Forge.payload([(claim, value)]))
        #expect(try forge.outcome(token) == outcome)
    }

    @Test("case 51: an algorithm outside the signed header is never read")
    func unprotectedHeader() throws {
        let parts = try forge.token(header: #"{"kid":"ES256"}"#).split(separator: ".")
        let flattened =
            #"{"payload":"\#(parts[1])","protected":"\#(parts[0])","header":{"alg":"ES256"},"#
            + #""signature":"\#(parts[2])"}"#
        #expect(try forge.outcome(flattened) == "token_malformed")
        #expect(try forge.outcome(parts.joined(separator: ".")) == "token_malformed")
    }

    @Test("case 30: texts of thousands of bytes in the header are not even made")
    func longTexts() throws {
        let long = String(repeating: "E", count: 3_000)
        for name in ["alg", "kid", "typ"] {
            let others = ["alg", "kid"].filter { $0 != name }.map { #","\#($0)":"ES256""# }.joined()
            let token = try forge.token(header: #"{"\#(name)":"\#(long)"\#(others)}"#)
            #expect(try forge.outcome(token) == "token_malformed", "\(name)")
        }
    }

    @Test("case 58: EdDSA and Ed25519 both name the algorithm of an Ed25519 key")
    func bothNames() throws {
        for name in ["EdDSA", "Ed25519"] {
            let header = #"{"alg":"\#(name)","kid":"EdDSA"}"#
            #expect(
                try forge.outcome(forge.token(header: header, signedWith: .edDSA)) == "accepted")
        }
    }
}
