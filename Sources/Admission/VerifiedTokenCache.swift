package import AccessPolicy
private import Glibc
package import TokenVerification

/// A verified token and who it is under the policy in force.
package final class KnownBearer: Sendable {
    package let token: VerifiedToken
    package let principal: Principal
    /// By whom requests are counted: whatever token somebody comes with.
    let rateKey: RateKey

    package init(token: VerifiedToken, principal: Principal) {
        self.token = token
        self.principal = principal
        rateKey = RateKey(issuer: token.issuerName, subject: token.subject)
    }
}

/// Remembers tokens that were verified, so that the next request with the same bytes costs a hash
/// and a comparison. Belongs to one event loop and one policy: when the policy changes, a new cache
/// takes its place. When keys change, the tokens of those that are gone are removed.
///
/// INVARIANT (every byte counts): an entry is found by a keyed hash of all bytes of the token,
/// signature included, and confirmed by comparing all bytes. A token that differs anywhere is
/// verified anew.
///
/// Only verified tokens come in, so a flood of bad ones cannot push good ones out. Bounded by
/// entries and by bytes; an entry ends with its token.
package final class VerifiedTokenCache {
    private struct Entry {
        var hash = 0
        var token: [UInt8] = []
        var usableUntil: Int64 = 0
        var bearer: KnownBearer?
    }

    private let keyedHash = KeyedHash()
    private var entries: [Entry]
    private let buckets: Int
    private var byteCount = 0
    private let byteLimit: Int
    private var victim = 0

    /// - Parameters:
    ///   - entries: rounded up to a power of two, at least one bucket.
    ///   - bytes: of tokens; the rest of an entry is about as large again.
    package init(entries: Int = 16_384, bytes: Int = 16 << 20) {
        var buckets = 1
        while buckets * Self.ways < entries { buckets *= 2 }
        self.buckets = buckets
        self.entries = Array(repeating: Entry(), count: buckets * Self.ways)
        byteLimit = bytes
    }

    /// How many bytes of tokens are held.
    package var storedBytes: Int { byteCount }

    /// The hash to use for `lookUp` and `insert` of the same token; keyed per cache.
    package func hash(_ token: Span<UInt8>) -> Int { keyedHash.hash(token) }

    package func lookUp(_ token: Span<UInt8>, hash: Int, now: Int64) -> KnownBearer? {
        let start = bucketStart(hash)
        for index in start..<(start &+ Self.ways) where entries[index].hash == hash {
            guard let bearer = entries[index].bearer, isSame(entries[index].token, token) else {
                continue
            }
            if now >= entries[index].usableUntil {
                clear(index)
                return nil
            }
            return bearer
        }
        return nil
    }

    package func insert(_ token: Span<UInt8>, hash: Int, _ bearer: KnownBearer, now: Int64) {
        guard token.count <= byteLimit else { return }
        let start = bucketStart(hash)
        let index = place(in: start, now: now)
        clear(index)
        // Pressure on the bytes is rare and falls on neighbours: at most one bucket is emptied.
        if byteCount + token.count > byteLimit {
            for other in start..<(start + Self.ways) { clear(other) }
        }
        guard byteCount + token.count <= byteLimit else { return }
        let bytes = unsafe token.withUnsafeBufferPointer { unsafe Array($0) }
        entries[index] = Entry(
            hash: hash, token: bytes, usableUntil: bearer.token.usableUntil, bearer: bearer)
        byteCount += bytes.count
    }

    /// Forgets the bearers of which `isGone` says so. Goes over all entries.
    package func removeAll(where isGone: (KnownBearer) -> Bool) {
        for index in entries.indices {
            guard let bearer = entries[index].bearer, isGone(bearer) else { continue }
            clear(index)
        }
    }

    private func place(in start: Int, now: Int64) -> Int {
        for index in start..<(start + Self.ways) {
            if entries[index].bearer == nil || now >= entries[index].usableUntil { return index }
        }
        victim = (victim &+ 1) % Self.ways
        return start + victim
    }

    private func clear(_ index: Int) {
        byteCount -= entries[index].token.count
        entries[index] = Entry()
    }

    @inline(__always)
    private func bucketStart(_ hash: Int) -> Int { (hash & (buckets &- 1)) &* Self.ways }

    @inline(__always)
    private func isSame(_ stored: [UInt8], _ token: Span<UInt8>) -> Bool {
        // Not constant time: an attacker cannot come here with a token that is nearly right, for
        // the keyed hash of all its bytes must have matched first.
        guard stored.count == token.count, !stored.isEmpty else { return false }
        return unsafe stored.withUnsafeBytes { left in
            unsafe token.withUnsafeBytes { right in
                guard let one = left.baseAddress, let other = right.baseAddress else {
                    return false
                }
                return unsafe memcmp(one, other, left.count) == 0
            }
        }
    }

    private static let ways = 8
}
