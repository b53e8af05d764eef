import StrictJSON
import TokenVerification

/// A claims set under a genuine code: what passes must say all that the rules ask for, by a second
/// reading of it that is as simple as can be.
enum ClaimsInvariants {
    static let seeds = [
        claims(""), claims(#","nbf":1799999990,"iat":1799999990.5,"jti":"a""#),
        claims(#","cnf":{"jkt":"x"}"#), claims(#","events":{}"#), claims(#","token_use":"id""#),
        claims(#","realm_access":{"roles":["a","b"]},"scope":"a b","email_verified":true"#),
        #"{"iss":"https://issuer.test","aud":["app","b"],"sub":"a","exp":1.8000005e9}"#,
        #"{"exp":18000006e2,"sub":"\u00e9","aud":"app","iss":"https://issuer\u002etest"}"#,
    ].map { Array($0.utf8) }

    private static func claims(_ more: String) -> String {
        #"{"iss":"\#(FuzzKeys.issuer)","aud":"app","sub":"alice","#
            + #""iat":\#(FuzzKeys.now),"exp":\#(FuzzKeys.now + 600)\#(more)}"#
    }

    private static let header = Array(#"{"alg":"HS256","kid":"HS256"}"#.utf8)

    static func check(
        _ input: [UInt8], _ session: FuzzSession
    ) throws(BrokenInvariant) {
        let token = try FuzzKeys.shared().authenticated(header: header, payload: input)
        guard let verified = session.verified(token) else { return }
        guard let claims = try? JSONReader.read(input.span, limits: .payload) else {
            throw BrokenInvariant("accepted claims are strict JSON")
        }
        try invariant(verified.claims == claims, "the proof holds the claims that were sent")
        try invariant(claims["iss"] == .string(FuzzKeys.issuer), "`iss` is the issuer")
        switch claims["aud"] {
        case .string(let audience): try invariant(audience == "app", "`aud` is ours")
        case .array(let audiences):
            try invariant(audiences.contains(.string("app")), "`aud` contains ours")
            try invariant(audiences.allSatisfy { $0.string != nil }, "`aud` holds texts only")
        default: throw BrokenInvariant("`aud` is a text or an array")
        }
        guard let subject = claims["sub"]?.string else { throw BrokenInvariant("`sub` is a text") }
        try invariant(
            (1...255).contains(subject.utf8.count)
                && subject.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
            "`sub` is short and without control characters")
        try invariant(claims["cnf"] == nil, "no bound token passes")
        try checkTimes(claims)
    }

    /// In floating point, which is exact enough to see whether a token is years off.
    private static func checkTimes(_ claims: JSONValue) throws(BrokenInvariant) {
        func time(_ name: String) throws(BrokenInvariant) -> Double? {
            guard let claim = claims[name] else { return nil }
            guard let number = claim.number, let seconds = Double(number.text), seconds >= 0 else {
                throw BrokenInvariant("times are numbers from 1970 on")
            }
            return seconds
        }
        let now = Double(FuzzKeys.now)
        guard let expires = try time("exp") else { throw BrokenInvariant("`exp` is there") }
        try invariant(expires > now - 31, "the token has not expired")
        for name in ["nbf", "iat"] {
            guard let start = try time(name) else { continue }
            try invariant(start < now + 32, "the token is valid already")
        }
        let lifetime = expires - (try time("iat") ?? now)
        try invariant(lifetime < 24 * 60 * 60 + 2, "the token does not live for longer than a day")
    }
}
