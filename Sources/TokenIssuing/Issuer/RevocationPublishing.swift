package import TokenVerification

/// Makes the verifiers refuse what has been revoked.
package protocol RevocationPublishing: Sendable {
    /// Returns when every event loop refuses the access tokens in question. The revocations are on the
    /// disk already.
    func deny(_ revocations: [Revocation]) async
}
