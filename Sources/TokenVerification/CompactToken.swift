import StrictJSON

/// Where the three parts of a compact JWS (RFC 7515 § 7.1) lie in a token's bytes.
struct CompactToken {
    /// Longer tokens are refused before anything else is looked at.
    static let maximumByteCount = 8 * 1024

    let header: Range<Int>
    let payload: Range<Int>
    let signature: Range<Int>

    static let dot = UInt8(ascii: ".")

    /// What the signature covers: header, dot and payload as they were sent.
    var signedRange: Range<Int> { 0..<payload.upperBound }

    /// - Throws: `token_too_large`; `token_malformed` unless there are exactly two dots.
    init(_ token: Span<UInt8>) throws(TokenRejection) {
        guard token.count <= Self.maximumByteCount else {
            throw TokenRejection(.tooLarge, "the token is longer than 8192 bytes")
        }
        guard let firstDot = token.firstIndex(of: Self.dot, from: 0),
            let secondDot = token.firstIndex(of: Self.dot, from: firstDot + 1)
        else {
            throw TokenRejection(.malformed, "the token has fewer than three parts")
        }
        guard token.firstIndex(of: Self.dot, from: secondDot + 1) == nil else {
            throw TokenRejection(.malformed, "the token has more than three parts")
        }
        self.init(byteCount: token.count, dots: firstDot, secondDot)
    }

    /// The parts at these two dots.
    init(byteCount: Int, dots firstDot: Int, _ secondDot: Int) {
        header = 0..<firstDot
        payload = firstDot + 1..<secondDot
        signature = secondDot + 1..<byteCount
    }
}
