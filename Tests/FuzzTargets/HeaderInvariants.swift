import StrictJSON

/// A header under a genuine code: exactly those pass that ask for what the issuer's rules allow.
enum HeaderInvariants {
    static let seeds = [
        #"{"alg":"HS256","kid":"HS256"}"#, #"{"alg":"HS256","kid":"HS256","typ":"at+jwt"}"#,
        #"{"typ":"JWT","alg":"HS256","kid":"HS256","x":{"y":[1]}}"#, #"{"alg":"none"}"#,
        #"{"alg":"HS256","kid":"HS256","crit":["b64"],"b64":false}"#,
        #"{"alg":"HS256","kid":"HS256","zip":"DEF","cty":"JWT","jku":"https://a.test"}"#,
        #"{"\u0061lg":"HS256","kid":"HS\u003256"}"#, #"{"alg":"ES256","kid":"ES256"}"#,
        #"{"alg":"HS256","kid":"HS256","jwk":{"kty":"oct","k":""},"x5c":[],"x5u":""}"#,
    ].map { Array($0.utf8) }

    private static let payload = Array(
        #"{"iss":"\#(FuzzKeys.issuer)","aud":"app","sub":"alice","exp":\#(FuzzKeys.now + 600)}"#
            .utf8)

    private static let refused = ["crit", "b64", "zip", "cty", "jwk", "jku", "x5u", "x5c"]

    static func check(
        _ input: [UInt8], _ session: FuzzSession
    ) throws(BrokenInvariant) {
        let token = try FuzzKeys.shared().authenticated(header: input, payload: payload)
        let isAccepted = session.verified(token) != nil
        guard let header = try? JSONReader.read(input.span, limits: .header) else {
            try invariant(!isAccepted, "a header that is no strict JSON is refused")
            return
        }
        let isRight =
            header["alg"] == .string("HS256") && header["kid"] == .string("HS256")
            && refused.allSatisfy { header[$0] == nil }
        try invariant(isRight || !isAccepted, "an accepted header asks for the one key and no more")
        let isPlain = header.members?.allSatisfy { ["alg", "kid"].contains($0.name) } ?? false
        let fits = token.count <= 8192
        try invariant(!(isRight && isPlain && fits) || isAccepted, "a plain header is accepted")
    }
}
