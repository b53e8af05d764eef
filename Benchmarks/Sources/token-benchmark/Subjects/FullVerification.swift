import AccessPolicy
import Cryptography
import LibcryptoBaseline
import StrictJSON
import TokenVerification

/// Everything that happens to a token that is seen for the first time, against libcrypto alone.
struct FullVerification {
    let fixture: Fixture
    let now: Int64

    /// The order that `Report` counts on: ours, libcrypto as in its manual, libcrypto prepared, ours
    /// without the principal.
    func subjects() throws -> [Subject] {
        [whole(), try bare(prepared: false), try bare(prepared: true), verificationOnly()]
    }

    /// Without the principal: as much as a JWT library does.
    func verificationOnly() -> Subject {
        let verifier = TokenVerifier(keyRing: fixture.ring)
        let (token, now) = (fixture.token, now)
        return Subject("verify-only/\(fixture.algorithm.rawValue)") { count in
            for _ in 0..<count {
                let verified = try verifier.verify(token.span, now: now)
                try expect(verified.expiresAt > now, "the end of the token")
            }
        }
    }

    /// Parsing, signature, claims, and who that is under the policy: what `Gatekeeper` does when its
    /// cache does not know the token.
    func whole() -> Subject {
        let verifier = TokenVerifier(keyRing: fixture.ring)
        let (token, policy, now) = (fixture.token, fixture.policy, now)
        return Subject("verify/\(fixture.algorithm.rawValue)") { count in
            for _ in 0..<count {
                let verified = try verifier.verify(token.span, now: now)
                let principal = try policy.principal(
                    issuerName: verified.issuerName, claims: verified.claimSet)
                guard case .bytes(let lines) = principal.identityHeaders else {
                    throw UnexpectedOutcome("not as expected: the identity headers")
                }
                try expect(!lines.isEmpty, "the identity headers")
            }
        }
    }

    /// Libcrypto's verification of the same bytes, the signature decoded beforehand.
    func bare(prepared: Bool) throws -> Subject {
        let baseline = unsafe baseline_create(
            fixture.algorithm.rawValue, fixture.key, fixture.key.count)
        guard unsafe baseline != nil else { throw UnexpectedOutcome("libcrypto refused the key") }
        let signature =
            fixture.algorithm == .es256 ? derSignature(fixture.signature) : fixture.signature
        let message = fixture.message
        let name = "bare-\(prepared ? "prepared" : "plain")/\(fixture.algorithm.rawValue)"
        return Subject(name) { count in
            for _ in 0..<count {
                let isValid =
                    prepared
                    ? unsafe baseline_verify_prepared(
                        baseline, signature, signature.count, message, message.count)
                    : unsafe baseline_verify_plain(
                        baseline, signature, signature.count, message, message.count)
                try expect(isValid, "libcrypto's answer")
            }
        }
    }

    private func derSignature(_ raw: [UInt8]) -> [UInt8] {
        var der = [UInt8](repeating: 0, count: 80)
        let count = unsafe baseline_der_signature(raw, raw.count, &der)
        return Array(der.prefix(count))
    }
}
