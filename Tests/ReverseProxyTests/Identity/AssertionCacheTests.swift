import AccessPolicy
import Admission
import TestSupport
import Testing
import TokenVerification

@testable import ReverseProxy

@Suite("AssertionCache")
struct AssertionCacheTests {
    private let now = Int64(unixTime())
    private let fixture: Fixture
    private let verified: VerifiedToken

    init() throws {
        fixture = try Fixture()
        verified = try TokenVerifier(keyRing: fixture.keyRing).verify(
            Array(try TestIssuer.shared.alice().utf8).span, now: now)
    }

    private func bearer() throws -> KnownBearer {
        let principal = try fixture.policy.principal(
            issuerName: "test", claims: verified.claimSet)
        return KnownBearer(token: verified, principal: principal)
    }

    private func line(_ number: Int) -> [UInt8] { Array("line \(number)".utf8) }

    @Test("finds what was put in, until it is too old, and nothing of anybody else")
    func hit() throws {
        var cache = AssertionCache()
        let (one, other) = (try bearer(), try bearer())
        #expect(cache.line(of: one, now: now) == nil)
        cache.insert(line(1), of: one, usableUntil: now + 30, now: now)
        #expect(cache.line(of: one, now: now + 29) == line(1))
        #expect(cache.line(of: one, now: now + 30) == nil)
        #expect(cache.line(of: one, now: now - 1) == nil, "a clock that was set back")
        #expect(cache.line(of: other, now: now) == nil)
    }

    @Test("what is put in again takes the place of what was there")
    func again() throws {
        var cache = AssertionCache()
        let one = try bearer()
        for number in 0..<10 {
            cache.insert(line(number), of: one, usableUntil: now + 30, now: now)
        }
        #expect(cache.count == 1)
        #expect(cache.byteCount == line(9).count)
        #expect(cache.line(of: one, now: now) == line(9))
    }

    @Test("it holds no more entries and bytes than it may, and what it holds is right")
    func bounds() throws {
        var cache = AssertionCache(entries: 64, bytes: 300)
        var bearers: [KnownBearer] = []
        for number in 0..<1000 {
            let one = try bearer()
            bearers.append(one)
            cache.insert(line(number), of: one, usableUntil: now + 30, now: now)
            #expect(cache.count <= 64)
            #expect(cache.byteCount <= 300)
        }
        var found = 0
        for (number, one) in bearers.enumerated() {
            guard let held = cache.line(of: one, now: now) else { continue }
            found += 1
            #expect(held == line(number))
        }
        #expect(found == cache.count && found > 0)
        cache.insert(
            [UInt8](repeating: 0, count: 301), of: bearers[0], usableUntil: now + 9, now: now)
        #expect(cache.byteCount <= 300)
    }

    @Test("sweeping lets go of what is too old, and of whom it was about")
    func sweep() throws {
        var cache = AssertionCache(entries: 2048)
        weak var gone: KnownBearer?
        let kept = try bearer()
        cache.insert(line(0), of: kept, usableUntil: now + 90, now: now)
        for number in 0..<500 {
            let one = try bearer()
            gone = one
            cache.insert(line(number), of: one, usableUntil: now + 30, now: now)
        }
        #expect(gone != nil)
        for _ in 0..<10 { cache.sweep(now: now + 60) }
        #expect(gone == nil)
        #expect(cache.count == 1)
        #expect(cache.line(of: kept, now: now + 60) == line(0))
    }
}
