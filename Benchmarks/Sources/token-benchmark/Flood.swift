import AccessPolicy
import Admission
import Cryptography
import MeasuringInC
import StrictJSON
import TokenVerification

/// Many bad tokens between good ones, through the same door as requests: does memory grow, and do
/// the good ones stay known?
struct Flood {
    struct Outcome {
        let badTokens: Int
        let goodTokens: Int
        let residentBefore: Int
        let residentAfter: Int
        let cachedBytesBefore: Int
        let cachedBytesAfter: Int
        let goodTokensForgotten: Int
        /// Of the last tenth of the flood.
        let nanosecondsPerBadToken: Double

        var isFlat: Bool {
            residentAfter - residentBefore < 1 << 20 && cachedBytesAfter == cachedBytesBefore
                && goodTokensForgotten == 0
        }
    }

    private let signer: Signer
    private let gatekeeper: Gatekeeper
    private let verifier: TokenVerifier
    private let policy: PolicySet
    private let cache = VerifiedTokenCache()
    private let now: Int64

    init(_ algorithm: SignatureAlgorithm, now: Int64) throws {
        self.now = now
        signer = try Signer(algorithm)
        let ring = try Fixture.ring(signer)
        policy = try Fixture.policy()
        verifier = TokenVerifier(keyRing: ring)
        gatekeeper = Gatekeeper(policy: policy, keyRing: ring, cache: cache)
    }

    func run(badTokens: Int, goodTokens: Int = 8192) throws -> Outcome {
        let good = try (0..<goodTokens).map { try goodToken(number: $0) }
        for token in good { try expect(admit(token), "a good token") }
        // A cache has places, not promises: two good tokens may have met in a full bucket.
        let known = good.filter(isCached)
        let kinds = try badKinds(good[0])
        // What grows once, such as buffers and libcrypto's queues, has grown after this.
        for number in 0..<(badTokens / 10) { try refuse(kinds, number) }

        let before = Machine.residentBytes()
        let cachedBefore = cache.storedBytes
        let rest = badTokens / 10..<badTokens
        let lastTenth = badTokens - badTokens / 10
        var start = Machine.processorTime()
        for number in rest {
            if number == lastTenth { start = Machine.processorTime() }
            try refuse(kinds, number)
        }
        let elapsed = Machine.processorTime() - start
        return Outcome(
            badTokens: badTokens, goodTokens: known.count, residentBefore: before,
            residentAfter: Machine.residentBytes(), cachedBytesBefore: cachedBefore,
            cachedBytesAfter: cache.storedBytes,
            goodTokensForgotten: known.filter { !isCached($0) }.count,
            nanosecondsPerBadToken: elapsed / .nanoseconds(1) / Double(badTokens / 10))
    }

    private func goodToken(number: Int) throws -> [UInt8] {
        let message = Fixture.message(signer.algorithm, subject: "user-\(number)", now: now)
        return Fixture.token(message, try signer.sign(message))
    }

    /// Well-formed tokens with a false signature, of unknown keys and issuers, and plain garbage. The
    /// digits at the end of a signature, or of a text, make every one of them a new one.
    private func badKinds(_ good: [UInt8]) throws -> [[UInt8]] {
        func signedBySomebody(_ header: String, _ payload: String) -> [UInt8] {
            let parts = [header, payload].map { Base64URL.encodeToString(Array($0.utf8).span) }
            return Array((parts + [String(repeating: "A", count: 43)]).joined(separator: ".").utf8)
        }
        let header = Fixture.header(signer.algorithm)
        let payload = Fixture.payload(subject: "mallory", now: now)
        return [
            signedBySomebody(header, payload),
            signedBySomebody(header.replacing(Signer.keyID, with: "other"), payload),
            signedBySomebody(header, payload.replacing(Fixture.issuer, with: "https://a.test")),
            signedBySomebody(header.replacing("at+jwt", with: "logout+jwt"), payload),
            Array(repeating: UInt8(ascii: "x"), count: 600),
            Array(good.dropLast(30)) + Array(repeating: UInt8(ascii: "A"), count: 30),
        ]
    }

    private func refuse(_ kinds: [[UInt8]], _ number: Int) throws {
        var token = kinds[number % kinds.count]
        var rest = number
        // The last digit stays, so that its spare bits remain zero.
        for place in 2..<10 {
            token[token.count - place] = UInt8(ascii: "a") + UInt8(rest % 26)
            rest /= 26
        }
        try expect(!admit(token), "that a bad token is refused")
    }

    private func isCached(_ token: [UInt8]) -> Bool {
        cache.lookUp(token.span, hash: cache.hash(token.span), now: now) != nil
    }

    private func admit(_ token: [UInt8]) throws -> Bool {
        var head = Array("GET /a app.test Bearer ".utf8)
        let credential = head.count - "Bearer ".utf8.count
        head += token
        let parts = RequestParts(
            method: 0..<3, target: 4..<6, host: 7..<15,
            authorization: .one(credential..<head.count), wantsUpgrade: false)
        let request = try CanonicalRequest(
            head.span, parts, defaultAuthority: [], recycling: CanonicalRequest.Storage())
        let arrival = Arrival(client: nil, now: now, milliseconds: now * 1000)
        switch gatekeeper.admit(request, arrival) {
        case .admitted: return true
        case .preflight: return false
        case .refused: return false
        case .needs: return false
        }
    }
}
