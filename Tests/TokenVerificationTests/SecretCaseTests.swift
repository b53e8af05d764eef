import Cryptography
import StrictJSON
import Testing
import TokenVerification

@Suite("Token case 68: secrets")
struct SecretCaseTests {
    static func bytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x5A, count: count) }

    @Test(
        "case 68: a secret shorter than the hash of its algorithm is refused, one as long is read",
        arguments: [("HS256", 32), ("HS384", 48), ("HS512", 64)])
    func lengths(name: String, least: Int) throws {
        for count in [0, 1, 16, least - 1] {
            #expect { try secretKeySet(oct(Self.bytes(count), #","alg":"\#(name)""#)) } throws: {
                ($0 as? KeySetError)
                    == KeySetError(.badKey, KeyError.secretTooShort.description)
            }
        }
        for count in [least, least + 1, 64, 128, 1000] {
            let set = try secretKeySet(oct(Self.bytes(count), #","alg":"\#(name)""#))
            #expect(set.keys.flatMap(\.algorithms).map(\.rawValue) == [name])
        }
    }

    @Test(
        "without `alg` a secret is for every algorithm whose hash is no longer",
        arguments: [
            (32, [.hs256]), (47, [.hs256]), (48, [.hs256, .hs384]), (63, [.hs256, .hs384]),
            (64, [.hs256, .hs384, .hs512]),
        ] as [(Int, [SignatureAlgorithm])])
    func algorithms(count: Int, algorithms: [SignatureAlgorithm]) throws {
        #expect(try secretKeySet(oct(Self.bytes(count))).keys.map(\.algorithms) == [algorithms])
        let plain = try KeySet(secret: Self.bytes(count).span)
        #expect(plain.keys.map(\.algorithms) == [algorithms])
    }

    @Test("plain bytes are the secret, without one final line feed and without a key ID")
    func plainBytes() throws {
        let secret = "correct horse battery staple, twice over"
        var rules = Forge.secretRules
        rules.allowMissingKeyID = true
        for (text, isSame) in [
            (secret, true), (secret + "\n", true), (secret + "\n\n", false),
            (secret + "\r\n", false), (" " + secret, false), (secret + " ", false),
        ] {
            let set = try secretKeySet(text)
            #expect(set.keys.map(\.keyID) == [nil])
            let verifier = TokenVerifier(keyRing: KeyRing(issuers: [(rules: rules, keys: set)]))
            let message =
                Forge.base64URL(#"{"alg":"HS256"}"#) + "." + Forge.base64URL(Forge.payload())
            let mac = hmacSHA256(key: Array(secret.utf8), message: Array(message.utf8))
            let outcome = outcomeOf(
                message + "." + Base64URL.encodeToString(mac.span), verifier)
            #expect(outcome == (isSame ? "accepted" : "token_signature"))
        }
    }

    @Test("plain bytes that are too few are refused", arguments: [0, 1, 31])
    func shortPlainBytes(count: Int) {
        for end in [[], [0x0A]] as [[UInt8]] {
            #expect { try KeySet(secret: (Self.bytes(count) + end).span) } throws: {
                ($0 as? KeySetError)?.reason == .badKey
            }
        }
    }

    @Test("a set of secrets is read with its key IDs; broken elements are skipped")
    func sets() throws {
        let good = oct(Self.bytes(64), #","kid":"a","alg":"HS512","use":"sig""#)
        let other = oct(Self.bytes(40), #","kid":"b","key_ops":["sign","verify"]"#)
        let skipped = [
            oct(Self.bytes(31)), oct(Self.bytes(32), #","use":"enc""#),
            oct(Self.bytes(32), #","alg":"A256KW""#), oct(Self.bytes(32), #","alg":"RS256""#),
            oct(Self.bytes(32), #","key_ops":["sign"]"#), #"{"kty":"oct"}"#,
            #"{"kty":"oct","k":"AA=="}"#, oct(Self.bytes(32), #","kid":1"#),
        ]
        let elements = [good, other] + skipped
        let set = try secretKeySet(#" {"keys":[\#(elements.joined(separator: ","))]} "#)
        #expect(set.keys.map(\.keyID) == ["a", "b"])
        #expect(set.keys.map(\.algorithms) == [[.hs512], [.hs256]])
        #expect(set.skipped.map(\.index) == Array(2..<elements.count))
    }

    @Test("a single broken secret is refused with the rule that it breaks")
    func brokenSecret() {
        for (text, reason) in [
            (oct(Self.bytes(31)), KeyError.secretTooShort.description),
            (#"{"kty":"oct"}"#, KeyError.malformed.description),
            (oct(Self.bytes(32), #","alg":"HS512""#), KeyError.secretTooShort.description),
            (oct(Self.bytes(64), #","alg":"ES256""#), KeyError.unsupportedAlgorithm.description),
        ] {
            #expect { try secretKeySet(text) } throws: {
                ($0 as? KeySetError)?.description == "the key cannot be used: \(reason)"
            }
        }
    }

    @Test("keys of other types among secrets refuse the whole set")
    func mixedSets() throws {
        let publicKey = jwk(try Forge.shared().ecdsa.publicKey)
        for text in [
            #"{"keys":[\#(oct(Self.bytes(32))),\#(publicKey)]}"#, publicKey,
            #"{"keys":[{"kty":"XYZ"}]}"#, #"{"keys":[7]}"#,
        ] {
            #expect { try secretKeySet(text) } throws: {
                ($0 as? KeySetError)?.reason == .notSymmetric
            }
        }
    }

    @Test("case 72: two secrets of one kid and algorithm refuse the set")
    func duplicates() {
        let text = [32, 33].map { oct(Self.bytes($0), #","kid":"a""#) }.joined(separator: ",")
        #expect { try secretKeySet(#"{"keys":[\#(text)]}"#) } throws: {
            ($0 as? KeySetError)?.reason == .duplicateKeyID
        }
    }

    @Test(
        "what looks like JSON is never taken for plain bytes",
        arguments: [
            #"{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",}"#,
            #"{"k":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
            #"{"keys":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#,
            "\n {this is a phrase of more than 32 characters}\n",
        ])
    func malformed(text: String) {
        #expect(throws: KeySetError.self) { try secretKeySet(text) }
    }

    @Test("secrets show themselves nowhere and compare by value")
    func redaction() throws {
        let key = try SecretKey(Self.bytes(32).span)
        let same = try SecretKey(Self.bytes(32).span)
        let other = try SecretKey(Self.bytes(33).span)
        #expect(key == same && key != other)
        let set = try KeySet(secret: Self.bytes(32).span)
        for text in ["\(key)", "\(KeyMaterial.secret(key))", "\(set)", String(reflecting: set)] {
            #expect(!text.contains("90, 90") && !text.contains("ZZZ") && !text.contains("5a5a"))
            #expect(text.contains("redacted"))
        }
        var dumped = ""
        dump(set, to: &dumped)
        // An array of bytes would be dumped one a line.
        #expect(!dumped.contains("- 90\n"))
    }
}
