import TestSupport

extension ForgedToken {
    private static let kid = #""alg":"ES256","kid":"test-es256""#

    /// T11.
    static let forms: [ForgedToken] = [
        header("crit exp", #"{\#(kid),"crit":["exp"]}"#, "token_header"),
        header("crit exp with exp", #"{\#(kid),"crit":["exp"],"exp":1}"#, "token_header"),
        header("crit empty", #"{\#(kid),"crit":[]}"#),
        header("crit not a list", #"{\#(kid),"crit":"exp"}"#),
        header("b64 false", #"{\#(kid),"b64":false}"#, "token_header"),
        header("b64 false, critical", #"{\#(kid),"b64":false,"crit":["b64"]}"#, "token_header"),
        header("zip", #"{\#(kid),"zip":"DEF"}"#, "token_header"),
        header("nested JWT", #"{\#(kid),"cty":"JWT"}"#, "token_header"),
        ForgedToken("JWE", "token_malformed") {
            let header = base64URL(#"{"alg":"RSA-OAEP","enc":"A256GCM"}"#.utf8)
            return header + ".AAAA.AAAA.AAAA.AAAA"
        },
        ForgedToken("four parts", "token_malformed") { try TestIssuer.shared.root() + ".AAAA" },
        ForgedToken("two parts", "token_malformed") {
            try TestIssuer.shared.root().split(separator: ".").prefix(2).joined(separator: ".")
        },
        ForgedToken("only dots", "token_malformed") { ".." },
        ForgedToken("three dots", "token_malformed") { "..." },
        ForgedToken("JSON serialisation", "token_malformed") {
            let parts = try TestIssuer.shared.root().split(separator: ".")
            return
                #"{"protected":"\#(parts[0])","payload":"\#(parts[1])","signature":"\#(parts[2])"}"#
        },
    ]

    /// T12.
    static let json: [ForgedToken] =
        [
            claims("sub twice", "token_malformed") { $0.adding("sub", "\"root\"") },
            claims("sub twice, once escaped", "token_malformed") {
                $0.adding(#"s\u0075b"#, "\"root\"")
            },
            claims("exp twice", "token_malformed") { $0.adding("exp", "9999999999") },
            claims("unknown claim twice inside", "token_malformed") {
                $0.adding("x", #"{"a":1,"a":2}"#)
            },
            claims("deep nesting", "token_malformed", "token_too_large") {
                let depth = 2_500
                return $0.adding(
                    "x",
                    String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
            },
            bytes("invalid UTF-8 in the payload") { Array(#"{"sub":""#.utf8) + [0xFF] + $0 },
            bytes("payload with a BOM") { [0xEF, 0xBB, 0xBF] + $0 },
            bytes("bytes after the payload") { $0 + Array("{}".utf8) },
            bytes("payload is a list") { _ in Array("[]".utf8) },
            bytes("payload is empty") { _ in [] },
        ]
        + [
            "\"9999999999\"", "1e400", "-1", "9223372036854775808", "true", "null", "[]", "{}",
            "1e308", "-0",
        ].map { value in
            claims("exp \(value)", "token_claim") { $0.setting("exp", value) }
        }

    /// T13.
    static let encodings: [ForgedToken] = [
        text("padding") { "\($0).\($1)=.\($2)" },
        text("padding of the signature") { "\($0).\($1).\($2)==" },
        text("white space inside") { "\($0).\($1.prefix(8)) \($1.dropFirst(8)).\($2)" },
        text("a tab inside") { "\($0).\($1.prefix(8))\t\($1.dropFirst(8)).\($2)" },
        text("standard alphabet") { header, payload, signature in
            "\(header).\(payload)++//.\(signature)"
        },
        text("non-zero trailing bits in the signature") { header, payload, signature in
            // 64 bytes are 86 characters; the last carries four unused bits.
            "\(header).\(payload).\(signature.dropLast())\(nextCharacter(signature))"
        },
        text("impossible length") { "\($0).\($1).\($2.dropLast())" },
        text("a character of another alphabet") { "\($0).\($1).\($2.dropLast(4))!!!!" },
    ]

    /// T14.
    static let times: [ForgedToken] = [
        ForgedToken("expired", "token_expired") { try TestIssuer.shared.expired() },
        claims("nbf in the future", "token_not_yet") {
            $0.setting("nbf", "\(unixTime() + 600)")
        },
        claims("iat in the future", "token_not_yet") {
            $0.setting("iat", "\(unixTime() + 600)")
        },
        claims("exp missing", "token_claim") { $0.removing("exp") },
        claims("a lifetime of ten years", "token_lifetime") {
            $0.setting("exp", "\(unixTime() + 315_360_000)")
        },
    ]

    /// T15.
    static let audiences: [ForgedToken] =
        [
            ForgedToken("W", "token_audience") { try TestIssuer.shared.wrongAudience() },
            claims("aud missing", "token_audience") { $0.removing("aud") },
        ]
        + [
            "\"ap\"", "\"app2\"", "\"APP\"", "\"app \"", "\"\"", "[]", #"["other"]"#,
            #"["app2","ap"]"#,
        ].map { value in
            claims("aud \(value)", "token_audience") { $0.setting("aud", value) }
        }
        + [#"["app",1]"#, "1", "null", #"{"app":true}"#].map { value in
            claims("aud \(value)", "token_audience", "token_claim") { $0.setting("aud", value) }
        }

    /// T16.
    static let issuers: [ForgedToken] =
        [
            "\"https://issuer.test/\"", "\"https://ISSUER.test\"", "\"HTTPS://issuer.test\"",
            "\"https://issuer\u{2024}test\"", "\"https://\u{0456}ssuer.test\"",
            "\"https://issuer.test@evil.test\"", "\"https://evil@issuer.test\"",
            "\"https://issuer.test.evil.test\"", "\"issuer.test\"", "\"\"",
            "\"https://issuer.test \"",
        ].map { value in
            claims("iss \(value)", "token_issuer") { $0.setting("iss", value) }
        }
        + [
            claims("iss as a list", "token_issuer", "token_claim", "token_malformed") {
                $0.setting("iss", #"["https://issuer.test","https://evil.test"]"#)
            },
            claims("iss missing", "token_issuer", "token_claim") { $0.removing("iss") },
        ]

    /// T18.
    static let purposes: [ForgedToken] =
        ["logout+jwt", "dpop+jwt", "refresh+jwt", "application/secevent+jwt", "id+jwt"].map {
            type in
            header(
                "typ \(type)", #"{"typ":"\#(type)","alg":"ES256","kid":"test-es256"}"#, "token_type"
            )
        }
        + ["id", "refresh"].map { use in
            claims("token_use \(use)", "token_type") { $0.setting("token_use", "\"\(use)\"") }
        }
        + ["ID", "Refresh", "Offline", "Logout"].map { type in
            claims("the claim typ \(type)", "token_type") { $0.setting("typ", "\"\(type)\"") }
        }
        + [
            claims("a back-channel logout token", "token_type") {
                $0.setting("events", #"{"http://schemas.openid.net/event/backchannel-logout":{}}"#)
            },
            claims("a token that is bound to a key", "token_binding") {
                $0.setting("cnf", #"{"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}"#)
            },
        ]

    /// The three parts of a correct token of root, put together otherwise.
    private static func text(
        _ label: String, _ join: @escaping @Sendable (String, String, String) -> String
    ) -> ForgedToken {
        ForgedToken(label, "token_malformed") {
            let parts = try TestIssuer.shared.root().split(separator: ".").map(String.init)
            return join(parts[0], parts[1], parts[2])
        }
    }

    /// A payload that is changed as bytes and correctly signed.
    private static func bytes(
        _ label: String, _ change: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) -> ForgedToken {
        ForgedToken(label, "token_malformed") {
            let key = TestIssuer.shared.es256
            return try TokenForger.token(
                header: Array(TokenForger.header(key).utf8),
                payload: change(Array(rootClaims.json.utf8)), signedBy: key)
        }
    }

    /// The character that follows the last one in the base64url alphabet: the same decoded bytes for
    /// a lenient decoder.
    private static func nextCharacter(_ text: String) -> Character {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        guard let last = text.last, let index = alphabet.firstIndex(of: last) else { return "B" }
        return alphabet[index | 1]
    }
}
