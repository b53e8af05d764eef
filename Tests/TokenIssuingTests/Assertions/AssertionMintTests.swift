import Cryptography
import StrictJSON
import Testing
import TokenIssuing

@Suite("AssertionMint")
struct AssertionMintTests {
    private let key: SigningKey
    private let mint: AssertionMint

    init() throws {
        key = try SigningKey.generate(.es256)
        mint = AssertionMint(issuer: "https://app.test", audience: "app", signingKey: key)
    }

    private func mint(_ claims: [JSONMember]) throws -> [Substring] {
        let text = try mint.mint(claims, issuedAt: 1_800_000_000, expiresAt: 1_800_000_060)
        return String(decoding: text, as: UTF8.self)
            .split(separator: ".", omittingEmptySubsequences: false)
    }

    private func text(_ part: Substring) throws -> String {
        String(decoding: try #require(Base64URL.decode(String(part))), as: UTF8.self)
    }

    @Test("header and claims are exactly these")
    func content() throws {
        let parts = try mint([
            JSONMember(name: "sub", value: .string("alice")),
            JSONMember(name: "roles", value: .array([.string("viewer")])),
        ])
        #expect(parts.count == 3)
        #expect(
            try text(parts[0])
                == #"{"typ":"ostiary-assertion+jwt","alg":"ES256","kid":"\#(key.keyID)"}"#)
        #expect(
            try text(parts[1])
                == #"{"iss":"https://app.test","aud":"app","sub":"alice","roles":["viewer"],"#
                + #""iat":1800000000,"exp":1800000060}"#)
    }

    @Test("the signature is the key's, over header and claims")
    func signature() throws {
        let parts = try mint([JSONMember(name: "sub", value: .string("alice"))])
        let signature = try #require(Base64URL.decode(String(parts[2])))
        let verifier = try SignatureVerifier(key: key.publicKey, algorithm: .es256)
        let message = Array("\(parts[0]).\(parts[1])".utf8)
        var other = message
        other[other.count - 1] ^= 1
        let isGenuine = verifier.isValid(signature: signature.span, message: message.span)
        let isOtherGenuine = verifier.isValid(signature: signature.span, message: other.span)
        #expect(isGenuine && !isOtherGenuine)
    }

    @Test("whatever a claim holds, the assertion is safe in a header")
    func safety() throws {
        let parts = try mint([
            JSONMember(name: "sub", value: .string("a\r\nX-Auth-User: root\u{0}\u{7F}é, \""))
        ])
        for byte in parts.joined(separator: ".").utf8 {
            #expect(Base64URL.isDigit(byte) || byte == UInt8(ascii: "."))
        }
        #expect(try text(parts[1]).contains(#"a\r\nX-Auth-User: root\u0000"#))
    }

    @Test("what is too large for a header is refused")
    func size() throws {
        func claims(_ count: Int) -> [JSONMember] {
            [JSONMember(name: "sub", value: .string(String(repeating: "a", count: count)))]
        }
        #expect(try mint(claims(3900)).joined().utf8.count < 6000)
        #expect(throws: MintError.tooLarge) { try mint(claims(4096)) }
    }
}
