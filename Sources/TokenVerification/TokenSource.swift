/// Whose key a token was signed with. One for each key of the ring, so that a verified token counts
/// one reference instead of one for each name.
final class TokenSource: Sendable {
    let issuer: KeyRing.Issuer
    /// Empty for a key without `kid`.
    let keyID: String
    let keyEpoch: UInt64

    init(issuer: KeyRing.Issuer, keyID: String, keyEpoch: UInt64) {
        self.issuer = issuer
        self.keyID = keyID
        self.keyEpoch = keyEpoch
    }
}
