import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Token cases 63 to 75: keys and key sets")
struct KeyCaseTests {
    let forge: Forge

    init() throws {
        forge = try Forge.shared()
    }

    @Test("reads the keys of a set with their IDs and algorithms")
    func good() throws {
        let set = try keySet(
            """
            {"keys":[\(jwk(forge.ecdsa.publicKey, #","kid":"a","alg":"ES256","use":"sig""#)),
             \(jwk(forge.rsa.publicKey, #","kid":"b","key_ops":["verify"],"x5t":"ignored""#)),
             \(jwk(forge.ed25519.publicKey, #","kid":"c","alg":"Ed25519""#))],"more":1}
            """)
        #expect(set.keys.map(\.keyID) == ["a", "b", "c"])
        #expect(set.keys.map(\.algorithms) == [[.es256], KeyType.rsa.algorithms, [.edDSA]])
        #expect(set.skipped.isEmpty)
    }

    @Test("cases 63 to 67: a key that breaks a rule is skipped with the rule as reason")
    func brokenNumbers() throws {
        func rsa(_ modulus: [UInt8], _ exponent: String = "AQAB") -> String {
            #"{"kty":"RSA","n":"\#(Base64URL.encodeToString(modulus.span))","e":"\#(exponent)"}"#
        }
        func ec(_ x: String, _ y: String, _ curve: String = "P-256") -> String {
            #"{"kty":"EC","crv":"\#(curve)","x":"\#(x)","y":"\#(y)"}"#
        }
        func okp(_ count: Int, _ byte: UInt8, _ curve: String = "Ed25519") -> String {
            let x = Base64URL.encodeToString([UInt8](repeating: byte, count: count).span)
            return #"{"kty":"OKP","crv":"\#(curve)","x":"\#(x)"}"#
        }
        guard case .ec(_, let x, let y) = forge.ecdsa.publicKey.components,
            case .rsa(let modulus, _) = forge.rsa.publicKey.components
        else {
            Issue.record("the keys are of other types")
            return
        }
        let goodX = Base64URL.encodeToString(x.span)
        let goodY = Base64URL.encodeToString(y.span)
        let zero = Base64URL.encodeToString([UInt8](repeating: 0, count: 32).span)
        let short = [UInt8](repeating: 0xA5, count: 128)
        let expected: [(String, KeyError)] = [
            (rsa(short), .modulusTooShort), (rsa([0xFF] + short + short), .weakModulus),
            (rsa([UInt8](repeating: 0xA5, count: 2_048)), .modulusTooLong),
            (rsa([0] + modulus), .malformed), (rsa(modulus, "AQ"), .weakExponent),
            (rsa(modulus, "Ag"), .weakExponent), (rsa(modulus, "AQAA"), .weakExponent),
            (rsa(modulus, "AgAAAAE"), .weakExponent), (rsa(modulus, "AAEAAQ"), .malformed),
            (rsa(modulus, "AQAB="), .malformed), (rsa(modulus, ""), .malformed),
            (ec(goodX, goodX), .notOnCurve), (ec(zero, zero), .notOnCurve),
            (ec(goodX + "AA", goodY), .malformed), (ec(goodX, "AA"), .wrongLength),
            (ec(goodX, goodY, "P-384"), .wrongLength),
            (ec(goodX, goodY, "secp256k1"), .unsupportedType), (okp(31, 2), .wrongLength),
            (okp(33, 2), .wrongLength), (okp(32, 0), .smallOrder),
            (okp(32, 2, "Ed448"), .unsupportedType), (okp(32, 2, "X25519"), .unsupportedType),
            (#"{"kty":"EC","crv":"P-256","x":"AA"}"#, .malformed), (#"{"kty":1}"#, .malformed),
            (#"{"kid":"x"}"#, .malformed), (#"{"kty":"AKP","alg":"ML-DSA-44"}"#, .unsupportedType),
        ]
        for (text, error) in expected {
            let set = try keySet(#"{"keys":[\#(text)]}"#)
            #expect(set.keys.isEmpty, "\(text)")
            #expect(set.skipped.map(\.reason) == [error.description], "\(text)")
        }
    }

    @Test(
        "cases 69 and 70: a key that is not for verifying, or for another algorithm, is not used",
        arguments: [
            #""use":"enc""#, #""use":1"#, #""use":null"#, #""use":"SIG""#,
            #""key_ops":["encrypt"]"#, #""key_ops":[]"#, #""key_ops":"verify""#,
            #""key_ops":["verify","verify"]"#, #""key_ops":["verify",1]"#,
            #""use":"sig","key_ops":["sign"]"#, #""use":"enc","key_ops":["verify"]"#,
            #""alg":"RS256""#, #""alg":"ES521""#, #""alg":"ES224""#, #""alg":"none""#,
            #""alg":"HS256""#, #""alg":1"#, #""alg":"es256""#, #""alg":null"#,
            #""kid":1"#, #""kid":"""#, #""kid":null"#,
        ])
    func restricted(member: String) throws {
        let set = try keySet(#"{"keys":[\#(jwk(forge.ecdsa.publicKey, "," + member))]}"#)
        #expect(set.keys.isEmpty)
        #expect(set.skipped.count == 1)
    }

    @Test(
        "case 71: a set with a private or symmetric key is refused as a whole",
        arguments: [
            #"{"kty":"oct","k":"AAAA","kid":"x"}"#, #"{"kty":"oct"}"#,
            #"{"kty":"EC","crv":"P-256","d":"AAAA"}"#, #"{"kty":"unknown","d":1}"#,
            #"{"kty":"RSA","p":"AAAA"}"#, #"{"kty":"RSA","use":"enc","dp":""}"#,
            #"{"kty":"RSA","oth":[]}"#, #"{"kty":"OKP","\u0064":"AAAA"}"#, #"{"k":null}"#,
        ])
    func secrets(text: String) {
        let good = jwk(forge.ecdsa.publicKey)
        for keys in [text, "\(good),\(text)", "\(text),\(good)"] {
            #expect { try keySet(#"{"keys":[\#(keys)]}"#) } throws: {
                ($0 as? KeySetError)?.reason == .secretMember
            }
        }
    }

    @Test("a private key in a PEM file is refused")
    func privatePEM() throws {
        let pem = Array(try forge.ecdsa.pem().utf8)
        #expect { try KeySet(pem: pem.span) } throws: {
            ($0 as? KeySetError)?.description
                == "this is a private key; name a file that holds only its public key"
        }
    }

    @Test("case 72: two keys of one kid and algorithm refuse the set")
    func duplicateKeyIDs() throws {
        let other = try PrivateKey.generate(.es256).publicKey
        let first = jwk(forge.ecdsa.publicKey, #","kid":"a""#)
        for more in [#","kid":"a""#, #","kid":"\u0061","alg":"ES256""#] {
            #expect { try keySet(#"{"keys":[\#(first),\#(jwk(other, more))]}"#) } throws: {
                ($0 as? KeySetError)?.reason == .duplicateKeyID
            }
        }
        // Also when the sets come from two files.
        let left = try keySet(#"{"keys":[\#(first)]}"#)
        #expect { try left.merging(left) } throws: {
            ($0 as? KeySetError)?.reason == .duplicateKeyID
        }
    }

    @Test("case 72: a broken key of the same kid, type and algorithm refuses the set too")
    func duplicateOfBroken() throws {
        let good = jwk(forge.ecdsa.publicKey, #","kid":"a","alg":"ES256""#)
        for broken in [
            #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"a"}"#,
            #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"a","alg":"ES256"}"#,
        ] {
            for keys in ["\(good),\(broken)", "\(broken),\(good)"] {
                #expect { try keySet(#"{"keys":[\#(keys)]}"#) } throws: {
                    ($0 as? KeySetError)?.reason == .duplicateKeyID
                }
            }
        }
        for other in [
            #"{"kty":"RSA","n":"AA","e":"AQAB","kid":"a"}"#,
            #"{"kty":"EC","crv":"P-384","x":"AA","y":"AA","kid":"a","alg":"ES384"}"#,
            #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"b","alg":"ES256"}"#,
            #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#,
        ] {
            #expect(try keySet(#"{"keys":[\#(good),\#(other)]}"#).keys.count == 1)
        }
    }

    @Test("case 72: one kid for two algorithms is told apart by the algorithm")
    func sharedKeyID() throws {
        let keys = SignatureAlgorithm.asymmetric.map {
            jwk(forge.key($0).publicKey, #","kid":"shared","alg":"\#($0.rawValue)""#)
        }
        let set = try keySet(#"{"keys":[\#(keys.joined(separator: ","))]}"#)
        let verifier = TokenVerifier(keyRing: KeyRing(issuers: [(rules: Forge.rules, keys: set)]))
        for algorithm in SignatureAlgorithm.asymmetric {
            let header = #"{"alg":"\#(algorithm.rawValue)","kid":"shared"}"#
            let token = try forge.token(header: header, signedWith: algorithm)
            #expect(outcomeOf(token, verifier) == "accepted")
        }
    }

    @Test("a key that is not used does not clash with one that is")
    func duplicateOfUnused() throws {
        let used = jwk(forge.ecdsa.publicKey, #","kid":"a""#)
        let unused = jwk(forge.ecdsa.publicKey, #","kid":"a","use":"enc""#)
        let set = try keySet(#"{"keys":[\#(unused),\#(used)]}"#)
        #expect(set.keys.count == 1)
        #expect(set.skipped.map(\.keyID) == ["a"])
    }

    @Test("case 73: a key without kid is used only for tokens without kid, where allowed")
    func keyWithoutID() throws {
        let set = try keySet(#"{"keys":[\#(jwk(forge.ecdsa.publicKey))]}"#)
        for (header, allowed, outcome) in [
            (#"{"alg":"ES256","kid":"a"}"#, true, "token_unknown_key"),
            (#"{"alg":"ES256"}"#, false, "token_unknown_key"),
            (#"{"alg":"ES256"}"#, true, "accepted"),
            (#"{"alg":"EdDSA"}"#, true, "token_unknown_key"),
        ] {
            var rules = Forge.rules
            rules.allowMissingKeyID = allowed
            let verifier = TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: set)]))
            #expect(outcomeOf(try forge.token(header: header), verifier) == outcome)
        }
    }

    @Test("case 74: unknown and broken keys are skipped, the good ones stay")
    func skipped() throws {
        let set = try keySet(
            """
            {"keys":[{"kty":"XYZ","kid":"x"},{"kty":"EC","crv":"P-521","x":"AA","y":"AA"},
            \(jwk(forge.ecdsa.publicKey, #","kid":"ES256""#)),7,{}]}
            """)
        #expect(set.keys.map(\.keyID) == ["ES256"])
        #expect(set.skipped.map(\.index) == [0, 1, 3, 4])
        #expect(set.skipped.map(\.keyID) == ["x", nil, nil, nil])
        let verifier = TokenVerifier(keyRing: KeyRing(issuers: [(rules: Forge.rules, keys: set)]))
        #expect(outcomeOf(try forge.token(), verifier) == "accepted")
    }

    @Test("case 75: more than 256 keys or 512 KiB refuse the set")
    func sizes() {
        func isTooLarge(_ text: String) -> Bool {
            do throws(KeySetError) {
                _ = try keySet(text)
                return false
            } catch {
                return error.reason == .tooLarge
            }
        }
        func keys(_ count: Int) -> String {
            let one = #"{"kty":"XYZ"}"#
            return #"{"keys":[\#(Array(repeating: one, count: count).joined(separator: ","))]}"#
        }
        #expect(!isTooLarge(keys(256)))
        #expect(isTooLarge(keys(257)))
        #expect(isTooLarge(keys(5_000)))
        func isTooLarge(bytes: Int) -> Bool {
            let frame = (#"{"keys":[],"x":""#, #""}"#)
            let filler = bytes - frame.0.utf8.count - frame.1.utf8.count
            return isTooLarge(frame.0 + String(repeating: "x", count: filler) + frame.1)
        }
        #expect(!isTooLarge(bytes: 512 * 1024))
        #expect(isTooLarge(bytes: 512 * 1024 + 1))
        #expect(isTooLarge(bytes: 10 * 1024 * 1024))
    }

    @Test(
        "what is no key set is refused",
        arguments: [
            "", "{", "[]", "{}", #"{"keys":{}}"#, #"{"keys":null}"#, #"{"Keys":[]}"#,
            "<html></html>", #"{"keys":[],"keys":[]}"#, #"{"kty":"EC"}"#, #"{"keys":[]} x"#,
            #"{"keys":[],}"#,
        ])
    func malformedSets(text: String) {
        #expect { try keySet(text) } throws: { ($0 as? KeySetError)?.reason == .malformed }
    }

    @Test("an empty set is read as such, and knows no key")
    func emptySet() throws {
        let set = try keySet(#"{"keys":[]}"#)
        #expect(set.keys.isEmpty && set.skipped.isEmpty)
        let verifier = TokenVerifier(keyRing: KeyRing(issuers: [(rules: Forge.rules, keys: set)]))
        #expect(outcomeOf(try forge.token(), verifier) == "token_unknown_key")
    }

    @Test("case 94: keys belong to their issuer, even under one kid")
    func issuersDoNotMix() throws {
        let otherKey = try PrivateKey.generate(.es256)
        var otherRules = Forge.rules
        otherRules.name = "other"
        otherRules.issuer = "https://other.test"
        let ring = KeyRing(issuers: [
            (rules: Forge.rules, keys: try forge.keySet()),
            (
                rules: otherRules,
                keys: try keySet(#"{"keys":[\#(jwk(otherKey.publicKey, #","kid":"ES256""#))]}"#)
            ),
        ])
        let verifier = TokenVerifier(keyRing: ring)
        let header = Array(Forge.header().utf8)
        let ours = Array(Forge.payload().utf8)
        let theirs = Array(Forge.payload([("iss", #""https://other.test""#)]).utf8)
        for (payload, key, outcome) in [
            (ours, forge.ecdsa, "accepted"), (theirs, otherKey, "accepted"),
            (ours, otherKey, "token_signature"), (theirs, forge.ecdsa, "token_signature"),
        ] {
            let token = try forge.token(header: header, payload: payload, key, .es256)
            #expect(outcomeOf(token, verifier) == outcome)
        }
        // A kid that only the other issuer has is unknown.
        let token = try forge.token(
            header: Forge.header(.rs256),
            payload: Forge.payload([("iss", #""https://other.test""#)]), signedWith: .rs256)
        #expect(outcomeOf(token, verifier) == "token_unknown_key")
        let verified = try verifier.verify(
            Array(try forge.token(header: header, payload: theirs, otherKey, .es256).utf8).span,
            now: Forge.now)
        #expect(verified.issuerName == "other")
    }

    @Test("thumbprints are those of RFC 7638 and RFC 8037")
    func thumbprints() throws {
        let rsa = try keySet(
            """
            {"keys":[{"kty":"RSA","e":"AQAB","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4\
            cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl\
            93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n\
            91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEg\
            U8awapJzKnqDKgw"}]}
            """)
        #expect(
            rsa.keys.compactMap(\.material.publicKey).map(JSONWebKey.thumbprint)
                == ["NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"])
        let ed25519 = try keySet(
            """
            {"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}
            """)
        #expect(
            ed25519.keys.compactMap(\.material.publicKey).map(JSONWebKey.thumbprint)
                == ["kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"])
    }
}
