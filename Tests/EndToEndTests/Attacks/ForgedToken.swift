import TestSupport
import Testing

/// A token that must be refused, and the reason codes of which the log must have one.
struct ForgedToken: Sendable, CustomTestStringConvertible {
    let label: String
    let codes: Set<String>
    let make: @Sendable () throws -> String

    var testDescription: String { label }

    init(_ label: String, _ codes: String..., make: @escaping @Sendable () throws -> String) {
        self.label = label
        self.codes = Set(codes)
        self.make = make
    }

    /// Root's claims under any header, signed by the ES256 key of the issuer.
    static func header(_ label: String, _ header: String, _ codes: String...) -> ForgedToken {
        ForgedToken(label: label, codes: Set(codes)) {
            try TokenForger.token(
                header: header, payload: rootClaims.json, signedBy: TestIssuer.shared.es256)
        }
    }

    /// Claims that differ from correct ones, correctly signed.
    static func claims(
        _ label: String, _ codes: String...,
        change: @escaping @Sendable (ClaimSet) -> ClaimSet
    ) -> ForgedToken {
        ForgedToken(label: label, codes: Set(codes)) {
            try TestIssuer.shared.token(changing: change)
        }
    }

    private init(
        label: String, codes: Set<String>, make: @escaping @Sendable () throws -> String
    ) {
        self.label = label
        self.codes = codes
        self.make = make
    }

    static var rootClaims: ClaimSet { ClaimSet(subject: "root", roles: ["admin"]) }
}

extension ForgedToken {
    /// T5 to T7.
    static let signatures: [ForgedToken] =
        ["none", "None", "nOnE", "NONE"].map { name in
            ForgedToken("alg \(name)", "token_alg", "token_header", "token_malformed") {
                TokenForger.token(
                    header: #"{"typ":"at+jwt","alg":"\#(name)"}"#, payload: rootClaims.json,
                    signature: [])
            }
        } + [
            header("alg missing", #"{"typ":"at+jwt","kid":"test-es256"}"#, "token_malformed"),
            header("alg empty", #"{"typ":"at+jwt","alg":"","kid":"test-es256"}"#),
            header("alg lower case", #"{"alg":"es256","kid":"test-es256"}"#, "token_alg"),
            header("alg of another key", #"{"alg":"RS256","kid":"test-es256"}"#),
            ForgedToken("empty signature", "token_malformed", "token_signature") {
                TokenForger.token(
                    header: TokenForger.header(TestIssuer.shared.es256), payload: rootClaims.json,
                    signature: [])
            },
            signature("signature AA") { _ in [0] },
            signature("r = s = 0") { _ in [UInt8](repeating: 0, count: 64) },
            signature("r = s = 1") { _ in
                [UInt8](repeating: 0, count: 31) + [1] + [UInt8](repeating: 0, count: 31) + [1]
            },
            signature("DER signature") { TokenForger.der($0) },
            signature("signature of 63 bytes") { Array($0.dropLast()) },
            signature("signature of 65 bytes") { $0 + [0] },
            signature("one bit flipped") { [$0[0] ^ 1] + $0.dropFirst() },
        ]
        + hmacKeys.map { name, key in
            ForgedToken("HS256 by the RSA key as \(name)", "token_alg") {
                let header = #"{"typ":"at+jwt","alg":"HS256","kid":"test-rs256"}"#
                let input = base64URL(header.utf8) + "." + base64URL(rootClaims.json.utf8)
                let mac = TokenForger.hmacSHA256(key: key, Array(input.utf8))
                return input + "." + base64URL(mac)
            }
        }

    private static func signature(
        _ label: String, change: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> ForgedToken {
        ForgedToken(label, "token_signature", "token_malformed") {
            let key = TestIssuer.shared.es256
            let input =
                base64URL(TokenForger.header(key).utf8) + "." + base64URL(rootClaims.json.utf8)
            return input + "." + base64URL(change(try key.sign(Array(input.utf8))))
        }
    }

    private static var hmacKeys: [(String, [UInt8])] {
        let key = TestIssuer.shared.rs256
        let pem = key.publicPEM
        return [
            ("PEM", Array(pem.utf8)), ("PEM without the last line end", Array(pem.utf8.dropLast())),
            ("DER", key.publicDER), ("JWK", Array(key.publicJWK.utf8)), ("nothing", []),
        ]
    }

    /// A correct token of alice whose s is replaced by n − s.
    static func withMirroredS() throws -> String {
        let key = TestIssuer.shared.es256
        let input =
            base64URL(TokenForger.header(key).utf8) + "."
            + base64URL(ClaimSet(subject: "alice", roles: ["viewer"]).json.utf8)
        let signature = try key.sign(Array(input.utf8))
        var difference = [UInt8](repeating: 0, count: 32)
        var borrow = 0
        for index in (0..<32).reversed() {
            let value = Int(p256Order[index]) - Int(signature[32 + index]) - borrow
            borrow = value < 0 ? 1 : 0
            difference[index] = UInt8((value + 256) % 256)
        }
        return input + "." + base64URL(signature[..<32] + difference)
    }

    /// The order n of the P-256 group (FIPS 186-5), big-endian.
    private static let p256Order: [UInt8] =
        [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8) + [
            0xBC, 0xE6, 0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84,
            0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
        ]

    /// T9.
    static let keyIDs: [ForgedToken] =
        [
            "../../dev/null", "/etc/passwd", "' or 1=1--", "|id", "%00", "unknown",
            String(repeating: "k", count: 300), String(repeating: "k", count: 5_000),
        ].map { kid in
            header(
                "kid \(kid.prefix(20))", #"{"alg":"ES256","kid":"\#(kid)"}"#, "token_unknown_key",
                "token_malformed", "token_header", "token_too_large")
        } + [
            header("kid array", #"{"alg":"ES256","kid":["test-es256"]}"#),
            header("kid number", #"{"alg":"ES256","kid":1}"#),
            header("kid null", #"{"alg":"ES256","kid":null}"#),
            header(
                "kid twice", #"{"alg":"ES256","kid":"a","kid":"test-es256"}"#, "token_malformed"),
            header("kid of another key", #"{"alg":"ES256","kid":"test-rs256"}"#),
            header("no kid", #"{"alg":"ES256"}"#),
        ]
}
