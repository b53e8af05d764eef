/// One line of input: rules under a name, a token to judge by the rules of that name, or both.
struct Line: Decodable {
    let context: String
    let rules: Rules?
    /// In base64, so that it can be any bytes.
    let token: String?
}

/// What an issuer's tokens are held against.
struct Rules: Decodable {
    /// Texts of JWK sets: public keys, and secrets.
    let keys: String?
    let secrets: String?
    let issuer: String
    let audience: String
    let algorithms: [String]
    /// Seconds.
    let leeway: Int64
    /// Unix seconds.
    let now: Int64
    /// Whether only the signature counts and the payload may be anything.
    let signatureOnly: Bool
}

/// One line of output.
struct Answer: Encodable {
    let ostiary: Verdict
    let jwtKit: Verdict
}

struct Verdict: Encodable {
    let accepted: Bool
    /// Why not; empty for an accepted token.
    let reason: String

    static let accepted = Verdict(accepted: true, reason: "")

    static func refused(_ reason: String) -> Verdict { Verdict(accepted: false, reason: reason) }
}
