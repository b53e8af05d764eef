import Cryptography
import StrictJSON

/// A header that a genuine token of an issuer had, and the key that it asks for.
///
/// All tokens of one key have the same header, byte for byte, and everything that is checked about a
/// header follows from its bytes, the issuer's rules and the ring's keys.
final class CheckedHeader {
    /// In base64url.
    let text: [UInt8]
    let header: TokenHeader
    let issuerIndex: Int
    let key: PreparedKey
    let verifier: SignatureVerifier

    init(
        text: [UInt8], header: TokenHeader, issuerIndex: Int, key: PreparedKey,
        verifier: SignatureVerifier
    ) {
        self.text = text
        self.header = header
        self.issuerIndex = issuerIndex
        self.key = key
        self.verifier = verifier
    }
}

/// The headers of the tokens that were genuine last, found by all their bytes.
///
/// Only a header whose token had a valid signature gets in: no flood of bad tokens can push one out.
/// Belongs to one ring; a new ring starts with an empty one.
struct CheckedHeaders {
    private var slots = [CheckedHeader?](repeating: nil, count: 1 << slotBits)

    func find(_ text: Span<UInt8>) -> CheckedHeader? {
        guard let slot = Self.slot(of: text), let found = slots[slot] else { return nil }
        let known = found.text
        return known.span.hasSameBytes(as: text) ? found : nil
    }

    /// Takes the place of the header that was there.
    mutating func insert(
        _ text: Span<UInt8>, _ header: TokenHeader, issuerIndex: Int, key: PreparedKey,
        verifier: SignatureVerifier
    ) {
        guard let slot = Self.slot(of: text) else { return }
        var copy: [UInt8] = []
        copy.append(copying: text)
        slots[slot] = CheckedHeader(
            text: copy, header: header, issuerIndex: issuerIndex, key: key, verifier: verifier)
    }

    var count: Int { slots.count { $0 != nil } }

    /// Nil for a text that is too short or too long to be worth keeping.
    private static func slot(of text: Span<UInt8>) -> Int? {
        guard (8...maximumByteCount).contains(text.count) else { return nil }
        var hash: UInt64 = 0
        var offset = 0
        while text.count &- offset >= 8 {
            hash = (hash << 5 | hash >> 59) ^ text.word(at: offset)
            offset &+= 8
        }
        hash = (hash << 5 | hash >> 59) ^ text.word(at: text.count &- 8)
        return Int((hash &* 0x9E37_79B9_7F4A_7C15) >> (64 - UInt64(slotBits)))
    }

    private static let slotBits = 5
    private static let maximumByteCount = 512
}
