import TokenVerification

/// What one thread of fuzzing keeps from input to input: a verifier, as each event loop has one.
package final class FuzzSession {
    private let verifier: TokenVerifier

    package init() throws(BrokenInvariant) {
        let keys = try FuzzKeys.shared()
        guard let ring = try? keys.ring() else { throw BrokenInvariant("a ring can be made") }
        verifier = TokenVerifier(keyRing: ring)
    }

    /// The proof, or nil for a token that is refused.
    func verified(_ token: [UInt8]) -> VerifiedToken? {
        try? verifier.verify(token.span, now: FuzzKeys.now)
    }
}

@available(*, unavailable)
extension FuzzSession: Sendable {}
