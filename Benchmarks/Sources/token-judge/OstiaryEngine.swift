import Cryptography

@testable import TokenVerification

/// What the gateway says.
struct OstiaryEngine {
    /// Nil when the keys are refused as a set.
    private let verifier: TokenVerifier?
    private let now: Int64
    private let signatureOnly: Bool

    init(_ rules: Rules) throws {
        now = rules.now
        signatureOnly = rules.signatureOnly
        let issuer = IssuerRules(
            name: "judged", issuer: rules.issuer, audiences: [rules.audience],
            algorithms: Set(rules.algorithms.compactMap { SignatureAlgorithm(joseName: $0) }),
            leeway: rules.leeway)
        verifier = Self.keySet(rules).map {
            TokenVerifier(keyRing: KeyRing(issuers: [(rules: issuer, keys: $0)]))
        }
    }

    private static func keySet(_ rules: Rules) -> KeySet? {
        var set = KeySet()
        do throws(KeySetError) {
            if let keys = rules.keys {
                set = try set.merging(KeySet(jwks: Array(keys.utf8).span))
            }
            if let secrets = rules.secrets {
                set = try set.merging(KeySet(secret: Array(secrets.utf8).span))
            }
            return set
        } catch {
            return nil
        }
    }

    func judge(_ token: [UInt8]) -> Verdict {
        guard let verifier else { return .refused("key_set") }
        do throws(TokenRejection) {
            if signatureOnly {
                let unverified = try verifier.read(token.span)
                _ = try verifier.checkSignature(token.span, unverified, issuerIndex: 0)
            } else {
                _ = try verifier.verify(token.span, now: now)
            }
            return .accepted
        } catch {
            return .refused(error.code)
        }
    }
}
