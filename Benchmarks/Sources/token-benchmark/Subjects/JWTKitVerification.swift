import Cryptography
import Foundation
import JWTKit

/// The same token verified by jwt-kit: signature, expiry, issuer and audience, all claims read.
struct JWTKitVerification {
    let fixture: Fixture

    func subject() async throws -> Subject {
        let keys = JWTKeyCollection()
        await keys.add(
            hmac: HMACKey(from: Data(fixture.key)), digestAlgorithm: .sha256,
            kid: JWKIdentifier(string: Signer.keyID))
        let token = fixture.token
        let name = "jwt-kit/\(fixture.algorithm.rawValue)"
        return Subject(name) { (count: Int) async throws -> Void in
            for _ in 0..<count {
                let claims = try await keys.verify(token, as: Claims.self)
                try expect(!claims.sub.value.isEmpty, "the subject")
            }
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
}
