import AccessPolicy
import Admission
import Cryptography
import TokenVerification

/// A token that was verified before.
struct CacheHit {
    let fixture: Fixture
    let now: Int64

    func subject() throws -> Subject {
        let cache = VerifiedTokenCache()
        let verified = try TokenVerifier(keyRing: fixture.ring)
            .verify(fixture.token.span, now: now)
        let principal = try fixture.policy.principal(
            issuerName: verified.issuerName, claims: verified.claimSet)
        let token = fixture.token
        cache.insert(
            token.span, hash: cache.hash(token.span),
            KnownBearer(token: verified, principal: principal), now: now)
        let now = now
        return Subject("cache-hit/\(fixture.algorithm.rawValue)") { count in
            for _ in 0..<count {
                let hash = cache.hash(token.span)
                let bearer = cache.lookUp(token.span, hash: hash, now: now)
                try expect(bearer != nil, "the cached token")
            }
        }
    }
}
