import AccessPolicy
import Admission
import TokenVerification

/// What one thread of fuzzing keeps from input to input: a verifier and a gatekeeper, as each event
/// loop has them.
package final class FuzzSession {
    private let verifier: TokenVerifier
    let gatekeeper: Gatekeeper

    package init() throws(BrokenInvariant) {
        let keys = try FuzzKeys.shared()
        guard let ring = try? keys.ring() else { throw BrokenInvariant("a ring can be made") }
        verifier = TokenVerifier(keyRing: ring)
        guard let policy = try? PolicySet.load(ForwardInvariants.policy, file: "fuzz.yaml") else {
            throw BrokenInvariant("the policy can be loaded")
        }
        gatekeeper = Gatekeeper(
            policy: policy, keyRing: ring, cache: VerifiedTokenCache(entries: 64))
    }

    /// The proof, or nil for a token that is refused.
    func verified(_ token: [UInt8]) -> VerifiedToken? {
        try? verifier.verify(token.span, now: FuzzKeys.now)
    }
}

@available(*, unavailable)
extension FuzzSession: Sendable {}
