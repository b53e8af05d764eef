import Cryptography
import Dispatch
import Foundation
import JWTKit
import Synchronization

/// The same token verified by jwt-kit: signature, expiry, issuer and audience, all claims read.
struct JWTKitVerification {
    let fixture: Fixture

    private func keys() async -> JWTKeyCollection {
        let keys = JWTKeyCollection()
        await keys.add(
            hmac: HMACKey(from: Data(fixture.key)), digestAlgorithm: .sha256,
            kid: JWKIdentifier(string: Signer.keyID))
        return keys
    }

    /// Awaited on one of Swift's own threads, where the call of its actor costs least.
    func subject() async -> Subject {
        let keys = await keys()
        let token = fixture.token
        return Subject("jwt-kit/\(fixture.algorithm.rawValue)") { count async throws in
            for _ in 0..<count {
                let claims = try await keys.verify(token, as: Claims.self)
                try expect(!claims.sub.value.isEmpty, "the subject")
            }
        }
    }

    /// Awaited from another thread, as a gateway has to whose event loops are threads of their own.
    func subjectFromThread() async -> Subject {
        let keys = await keys()
        let token = fixture.token
        return Subject("jwt-kit-from-thread/\(fixture.algorithm.rawValue)") { count in
            let done = DispatchSemaphore(value: 0)
            let failures = Failures()
            for _ in 0..<count {
                Task.detached {
                    let claims = try? await keys.verify(token, as: Claims.self)
                    if claims == nil { failures.count.add(1, ordering: .relaxed) }
                    done.signal()
                }
                done.wait()
            }
            try expect(failures.count.load(ordering: .relaxed) == 0, "the subject")
        }
    }

    private struct Claims: JWTPayload {
        let iss: IssuerClaim
        let aud: AudienceClaim
        let sub: SubjectClaim
        let iat: IssuedAtClaim
        let exp: ExpirationClaim
        let jti: IDClaim
        let clientID: String
        let preferredUsername: String
        let tenant: String
        let roles: [String]
        let scope: String

        private enum CodingKeys: String, CodingKey {
            case iss, aud, sub, iat, exp, jti, tenant, roles, scope
            case clientID = "client_id"
            case preferredUsername = "preferred_username"
        }

        func verify(using algorithm: some JWTAlgorithm) throws {
            try exp.verifyNotExpired()
            try aud.verifyIntendedAudience(includes: "app")
            guard iss.value == Fixture.issuer else { throw UnexpectedOutcome("the issuer") }
        }
    }

    private final class Failures: Sendable {
        let count = Atomic(0)
    }
}
