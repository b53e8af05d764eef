/// Tokens that are refused although their signature, claims and times are in order.
package enum Revocation: Sendable, Equatable {
    /// All tokens of a session of the embedded issuer.
    case session(SessionRevocation)
    /// Tokens of the embedded issuer for this subject that carry a lower `uv`, or none, until the
    /// Unix second when the last of them has expired.
    case userVersion(subject: String, minimum: Int64, until: Int64)
    /// All tokens signed with a key of this `kid`, for as long as the process runs. The issuer is
    /// named as in the policy.
    case key(issuerName: String, keyID: String)
    /// The token of this `jti`, until the Unix second when it has expired.
    case token(issuerName: String, tokenID: String, until: Int64)
}
