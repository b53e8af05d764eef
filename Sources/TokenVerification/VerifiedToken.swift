package import StrictJSON

/// A token of which signature, issuer, audience and times have been verified: the proof of it.
///
/// Only `TokenVerifier.verify` makes one. Its texts are made when they are asked for: most requests ask
/// for none of them.
package struct VerifiedToken: Sendable {
    private let source: TokenSource
    /// The `exp` claim in Unix seconds, rounded down.
    package let expiresAt: Int64
    /// `exp` and the leeway: from this Unix second on the token is refused.
    package let usableUntil: Int64
    /// The session that the token was issued in, for tokens of the embedded issuer; nil for a token
    /// that was made by hand and for those of other issuers.
    package let sessionID: SessionID?
    /// The `uv` claim, the version of the account, of tokens of the embedded issuer.
    package let userVersion: Int64?
    /// The whole claims set.
    package let claimSet: JSONObject

    /// `proof` is what only the verifier has.
    init(
        _ proof: consuming TokenVerifier.Proof, source: TokenSource, findings: ClaimRules.Findings,
        claims: consuming JSONObject
    ) {
        self.source = source
        expiresAt = findings.expiresAt
        usableUntil = findings.expiresAt + source.issuer.rules.leeway
        sessionID = findings.sessionID
        userVersion = findings.userVersion
        claimSet = claims
    }

    /// The issuer's name in the policy.
    package var issuerName: String { source.issuer.rules.name }
    /// The `iss` claim.
    package var issuer: String { source.issuer.rules.issuer }
    /// The `sub` claim: 1 to 255 bytes without control characters.
    package var subject: String { claimSet[.subject]?.string ?? "" }
    /// The `kid` of the key that the signature was made with; empty when that key has none, which
    /// the issuer's rules must allow.
    package var keyID: String { source.keyID }
    /// The epoch of that key: once the ring holds it no more, the token must be verified again.
    package var keyEpoch: UInt64 { source.keyEpoch }
    /// Whether the embedded issuer made the token, or a command with its keys.
    package var isOwn: Bool { source.issuer.rules.hasSessions }
    /// The `jti` claim.
    package var tokenID: String? { claimSet[.tokenID]?.string }
    /// The whole claims set, an object: made anew at every call.
    package var claims: JSONValue { claimSet.value }
}
