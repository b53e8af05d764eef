import Cryptography
import StrictJSON
import TokenVerification

/// What strangers can send: texts that are no good token, as long as a token may be, each kind made
/// to get as far and cost as much as it can without a signature.
struct Garbage {
    let name: String
    let token: [UInt8]

    private static let limit = 8 * 1024

    static func kinds(_ fixture: Fixture) -> [Garbage] {
        let header = Fixture.header(fixture.algorithm)
        let noise = makeNoise(limit)
        let digits = Base64URL.encode(noise.span)
        let issuer = #"{"iss":"\#(Fixture.issuer)","#
        return [
            Garbage("bytes", noise),
            Garbage("dots", [UInt8](repeating: UInt8(ascii: "."), count: limit)),
            Garbage("one-part", Array(digits.prefix(limit))),
            Garbage("longer-than-the-limit", digits + digits),
            Garbage("noise-in-three-parts", parts(noise.prefix(4000), noise.prefix(2100), [])),
            Garbage("deep-header", parts(text("[", 4000), text("{}", 1), [])),
            Garbage("wide-header", parts(object(32, valueLength: 100), text("{}", 1), [])),
            Garbage("escapes-in-the-header", parts(escapes(4000), text("{}", 1), [])),
            Garbage(
                "long-kid",
                parts(
                    Array(#"{"alg":"ES256","kid":""#.utf8) + text("k", 3900) + Array(#""}"#.utf8),
                    text("{}", 1), [])),
            Garbage("payload-of-noise", parts(Array(header.utf8), noise.prefix(5900), [])),
            Garbage(
                "payload-without-an-issuer",
                parts(
                    Array(header.utf8), object(200, valueLength: 12), [])),
            Garbage(
                "issuer-behind-a-long-claim",
                parts(
                    Array(header.utf8), longClaim(issuer: #""iss":"https://other.test"}"#), [])),
            Garbage(
                "unknown-kid",
                parts(
                    Array(header.replacing(Signer.keyID, with: "unknown").utf8),
                    Array(issuer.utf8) + object(200, valueLength: 12).dropFirst(), [])),
            Garbage(
                "signature-of-a-wrong-length",
                parts(
                    Array(header.utf8), Array(issuer.utf8) + Array(#""sub":"a"}"#.utf8),
                    noise.prefix(5700))),
        ]
    }

    /// A token too long would be refused for that alone; two kinds mean to be.
    private init(_ name: String, _ token: [UInt8]) {
        self.name = name
        self.token = token
    }

    func subject(_ fixture: Fixture, now: Int64) -> Subject {
        let verifier = TokenVerifier(keyRing: fixture.ring)
        let token = token
        return Subject("garbage/\(fixture.algorithm.rawValue)/\(name)") { count in
            for _ in 0..<count {
                let verified = try? verifier.verify(token.span, now: now)
                try expect(verified == nil, "that garbage is refused")
            }
        }
    }

    private static func parts(
        _ header: some Collection<UInt8>, _ payload: some Collection<UInt8>,
        _ signature: some Collection<UInt8>
    ) -> [UInt8] {
        [Array(header), Array(payload), Array(signature)]
            .map { Base64URL.encode($0.span) }
            .reduce(into: []) { token, part in
                if !token.isEmpty { token.append(UInt8(ascii: ".")) }
                token += part
            }
    }

    /// The same in each run, so that counts can be compared: the top bytes of a linear congruential
    /// generator (Knuth's MMIX).
    private static func makeNoise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 1
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(state >> 56)
        }
    }

    private static func text(_ text: String, _ count: Int) -> [UInt8] {
        Array(String(repeating: text, count: count).utf8)
    }

    private static func object(_ members: Int, valueLength: Int) -> [UInt8] {
        let value = String(repeating: "v", count: valueLength)
        let list = (0..<members).map { #""claim\#($0)":"\#(value)""# }
        return Array("{\(list.joined(separator: ","))}".utf8)
    }

    private static func escapes(_ count: Int) -> [UInt8] {
        let escapes = String(repeating: #"\u00e9"#, count: count / 6 - 4)
        return Array(#"{"kid":"\#(escapes)"}"#.utf8)
    }

    private static func longClaim(issuer: String) -> [UInt8] {
        Array(#"{"x":"\#(String(repeating: "x", count: 5800))","#.utf8) + Array(issuer.utf8)
    }
}
