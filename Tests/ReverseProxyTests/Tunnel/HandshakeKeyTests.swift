import TestSupport
import Testing

@testable import ReverseProxy

@Suite("HandshakeKey")
struct HandshakeKeyTests {
    @Test("gives the answer of RFC 6455's example")
    func example() {
        let answer = HandshakeKey.accept(wireBytes("dGhlIHNhbXBsZSBub25jZQ==").span)
        #expect(answer.map { latin1($0) } == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test(
        "a key is 16 bytes in base64, in their one spelling",
        arguments: [
            ("dGhlIHNhbXBsZSBub25jZQ==", true), ("AAAAAAAAAAAAAAAAAAAAAA==", true),
            ("+/+/+/+/+/+/+/+/+/+/+w==", true), ("", false), ("dGhlIHNhbXBsZSBub25jZQ", false),
            ("dGhlIHNhbXBsZSBub25jZQ=", false), ("dGhlIHNhbXBsZSBub25jZR==", false),
            ("dGhlIHNhbXBsZSBub25jZQ===", false), ("-_-_-_-_-_-_-_-_-_-_-w==", false),
            ("dGhlIHNhbXBsZSBub25j =Q==", false), ("=GhlIHNhbXBsZSBub25jZQ==", false),
            ("dGhlIHNhbXBsZSBub25jZQ=A", false), ("dGhlIHNhbXBsZSBub25j\u{0}Q==", false),
            ("AAAAAAAAAAAAAAAAAAAAAAAA", false),
        ])
    func soundness(key: String, isSound: Bool) {
        #expect(HandshakeKey.isSound(wireBytes(key).span) == isSound)
    }
}
