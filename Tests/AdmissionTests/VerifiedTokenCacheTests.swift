import TestSupport
import Testing
import TokenVerification

@testable import Admission

@Suite("VerifiedTokenCache")
struct VerifiedTokenCacheTests {
    private let now = Int64(unixTime())
    private let bearer: KnownBearer
    private let token: [UInt8]

    init() throws {
        let text = try TestIssuer.shared.alice()
        token = Array(text.utf8)
        bearer = try Fixture().bearer(text)
    }

    private func insert(_ token: [UInt8], hash: Int? = nil, into cache: VerifiedTokenCache) {
        let hash = hash ?? cache.hash(token.span)
        cache.insert(token.span, hash: hash, bearer, now: now)
    }

    private func finds(
        _ token: [UInt8], hash: Int? = nil, in cache: VerifiedTokenCache, at time: Int64? = nil
    ) -> Bool {
        let hash = hash ?? cache.hash(token.span)
        return cache.lookUp(token.span, hash: hash, now: time ?? now) === bearer
    }

    @Test("finds what was put in, and nothing before")
    func hit() {
        let cache = VerifiedTokenCache()
        #expect(!finds(token, in: cache))
        insert(token, into: cache)
        #expect(finds(token, in: cache))
        #expect(cache.storedBytes == token.count)
    }

    @Test("a token with any other byte, a longer or a shorter one is another token")
    func everyByteCounts() {
        let cache = VerifiedTokenCache()
        insert(token, into: cache)
        let hash = cache.hash(token.span)
        for index in token.indices {
            var other = token
            other[index] ^= 1
            #expect(!finds(other, in: cache))
            // Even if the hashes were equal.
            #expect(!finds(other, hash: hash, in: cache))
        }
        #expect(!finds(Array(token.dropLast()), hash: hash, in: cache))
        #expect(!finds(token + [0], hash: hash, in: cache))
        #expect(!finds([], hash: hash, in: cache))
    }

    @Test("another signature under the same header and claims is not found")
    func otherSignature() throws {
        let cache = VerifiedTokenCache()
        insert(token, into: cache)
        let signed = token[..<(try #require(token.lastIndex(of: UInt8(ascii: "."))))]
        let other = try TokenForger.sign(
            String(decoding: signed, as: UTF8.self), with: TestIssuer.shared.es256)
        #expect(!finds(Array(other.utf8), in: cache))
        #expect(!finds(Array(other.utf8), hash: cache.hash(token.span), in: cache))
    }

    @Test("tokens whose hashes collide do not hide or replace each other")
    func collisions() {
        let cache = VerifiedTokenCache(entries: 64)
        let tokens = (0..<8).map { [UInt8]("token \($0)".utf8) }
        for token in tokens { insert(token, hash: 7, into: cache) }
        for token in tokens { #expect(finds(token, hash: 7, in: cache)) }
        #expect(!finds(Array("token 8".utf8), hash: 7, in: cache))
    }

    @Test("a hash of zero, as empty places have, finds nothing that was not put in")
    func emptyPlaces() {
        let cache = VerifiedTokenCache(entries: 8)
        #expect(!finds(token, hash: 0, in: cache))
        #expect(!finds([], hash: 0, in: cache))
        insert(token, hash: 0, into: cache)
        #expect(finds(token, hash: 0, in: cache))
    }

    @Test("any hash is a place", arguments: [Int.min, -1, 0, 1, Int.max])
    func extremeHashes(_ hash: Int) {
        let cache = VerifiedTokenCache(entries: 1000)
        insert(token, hash: hash, into: cache)
        #expect(finds(token, hash: hash, in: cache))
    }

    @Test("a token is known until the second in which it ends, and its bytes are given back")
    func expiry() {
        let cache = VerifiedTokenCache()
        insert(token, into: cache)
        let end = bearer.token.usableUntil
        #expect(end == bearer.token.expiresAt + 30)
        #expect(finds(token, in: cache, at: end - 1))
        #expect(!finds(token, in: cache, at: end))
        #expect(cache.storedBytes == 0)
        #expect(!finds(token, in: cache, at: end - 1))
    }

    @Test("the verifier refuses a token in the very second in which the cache forgets it")
    func sameEndAsVerifier() throws {
        let fixture = try Fixture()
        let text = String(decoding: token, as: UTF8.self)
        let request = RequestText(target: "/api/x", authorization: ["Bearer \(text)"])
        let end = bearer.token.usableUntil
        let admitted = Verdict.admitted(route: "api", subject: "alice")
        #expect(try Fixture().gatekeeper.verdict(request, now: end - 1) == admitted)
        #expect(try fixture.gatekeeper.verdict(request, now: now) == admitted)
        #expect(try fixture.gatekeeper.verdict(request, now: end - 1) == admitted)
        #expect(try fixture.gatekeeper.verdict(request, now: end) == .refused(.tokenExpired))
    }

    @Test("a flood of tokens stays within the entries, and the newest is always known")
    func boundedEntries() {
        let cache = VerifiedTokenCache(entries: 64, bytes: 1 << 20)
        for number in 0..<5_000 {
            let token = Array("token \(10_000 + number)".utf8)
            insert(token, into: cache)
            #expect(finds(token, in: cache))
            #expect(cache.storedBytes <= 64 * token.count)
        }
    }

    @Test("a flood of large tokens stays within the bytes")
    func boundedBytes() {
        let cache = VerifiedTokenCache(entries: 1024, bytes: 10_000)
        for number in 0..<2_000 {
            let token = Array("\(number) ".utf8) + [UInt8](repeating: 1, count: number % 900)
            insert(token, into: cache)
            #expect(cache.storedBytes <= 10_000)
        }
        #expect(cache.storedBytes > 0)
    }

    @Test("a token larger than all bytes together is not kept")
    func tooLarge() {
        let cache = VerifiedTokenCache(entries: 8, bytes: 100)
        insert([UInt8](repeating: 1, count: 100), into: cache)
        #expect(cache.storedBytes == 100)
        insert([UInt8](repeating: 2, count: 101), into: cache)
        #expect(!finds([UInt8](repeating: 2, count: 101), in: cache))
        #expect(cache.storedBytes == 100)
    }

    @Test("random use never loses count and never finds what is not the token's own")
    func randomUse() throws {
        var random = SeededGenerator(for: "cache use")
        let cache = VerifiedTokenCache(entries: 32, bytes: 600)
        let tokens = (0..<60).map { Array("\($0)".utf8) + [UInt8](repeating: 0x61, count: $0) }
        var inserted = Set<Int>()
        for _ in 0..<propertyRounds(5_000) {
            let number = Int.random(in: 0..<tokens.count, using: &random)
            // Few hashes, so that collisions are the rule.
            let hash = number % 5
            if Bool.random(using: &random) {
                insert(tokens[number], hash: hash, into: cache)
                inserted.insert(number)
            } else if finds(tokens[number], hash: hash, in: cache) {
                #expect(inserted.contains(number))
            }
            #expect((0...600).contains(cache.storedBytes))
        }
        let later = bearer.token.usableUntil
        // Enough look-ups of everything in the bucket, and all is forgotten.
        for _ in 0..<10 {
            for number in tokens.indices {
                _ = finds(tokens[number], hash: number % 5, in: cache, at: later)
            }
        }
        #expect(cache.storedBytes == 0)
    }
}
