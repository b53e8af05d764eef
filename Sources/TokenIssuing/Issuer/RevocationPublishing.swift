package import TokenVerification

/// Makes the verifiers refuse the tokens of sessions that have ended.
package protocol RevocationPublishing: Sendable {
    /// Returns when every event loop refuses the access tokens of these sessions. The revocations are
    /// on the disk already.
    func deny(_ revocations: [SessionRevocation]) async
}
