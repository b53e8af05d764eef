import Cryptography
import StrictJSON
import TokenVerification

/// Nothing passes but the tokens that were signed here.
enum TokenInvariants {
    /// Signed once for each process.
    private static let signed = Result { try makeSigned() }

    private static func makeSigned() throws(BrokenInvariant) -> [[UInt8]] {
        let keys = try FuzzKeys.shared()
        let payload = ClaimsInvariants.seeds[0]
        return [
            try keys.authenticated(
                header: Array(#"{"alg":"HS256","kid":"HS256"}"#.utf8), payload: payload),
            try keys.signed(.edDSA, keys.ed25519, payload: payload),
            try keys.signed(.es256, keys.p256, payload: payload),
            try keys.signed(.rs256, keys.rsa, payload: payload),
        ]
    }

    static func seeds() throws(BrokenInvariant) -> [[UInt8]] {
        guard case .success(let tokens) = signed else { throw BrokenInvariant("tokens are made") }
        return tokens
    }

    static func check(
        _ input: [UInt8], _ session: FuzzSession
    ) throws(BrokenInvariant) {
        // People read what this writes about tokens that are no good.
        _ = TokenInspection(input.span, now: FuzzKeys.now)

        guard session.verified(input) != nil else { return }
        try invariant(input.count <= 8192, "no long token passes")
        let message = signedPart(input)
        // ECDSA has two signatures for each that was made, and many more that its owner could make:
        // what is signed must be ours. The other algorithms have one signature for each message.
        let signed = try seeds()
        let isOurs = signed.contains { token in
            signedPart(token) == message && (isECDSA(token) || token == input)
        }
        guard !isOurs else { return }
        try invariant(try isAuthenticated(input), "nothing passes that was not signed here")
    }

    /// Header and claims targets sign other texts with the same secret; the fuzzer may have mixed in
    /// what they found.
    private static func isAuthenticated(_ token: [UInt8]) throws(BrokenInvariant) -> Bool {
        let parts = token.split(separator: UInt8(ascii: "."))
        guard parts.count == 3, let header = Base64URL.decode(Array(parts[0]).span),
            let payload = Base64URL.decode(Array(parts[1]).span)
        else { return false }
        return try FuzzKeys.shared().authenticated(header: header, payload: payload) == token
    }

    private static func signedPart(_ token: [UInt8]) -> [UInt8] {
        guard let dot = token.lastIndex(of: UInt8(ascii: ".")) else { return token }
        return Array(token[..<dot])
    }

    private static func isECDSA(_ token: [UInt8]) -> Bool {
        let header = Base64URL.encode(Array(#"{"alg":"ES256","kid":"ES256"}"#.utf8).span)
        return token.starts(with: header)
    }
}
