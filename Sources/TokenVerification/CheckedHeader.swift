import Cryptography
import StrictJSON

/// A header that a genuine token of an issuer had, and the key that it asks for.
///
/// All tokens of one key have the same header, byte for byte, and everything that is checked about a
/// header follows from its bytes, the issuer's rules and the ring's keys.
final class CheckedHeader {
    /// In base64url.
    private let text: Text
    let header: TokenHeader
    let issuerIndex: Int
    let key: PreparedKey
    let verifier: SignatureVerifier

    init(
        text: [UInt8], header: TokenHeader, issuerIndex: Int, key: PreparedKey,
        verifier: SignatureVerifier
    ) {
        self.text = Text(bytes: text)
        self.header = header
        self.issuerIndex = issuerIndex
        self.key = key
        self.verifier = verifier
    }

    /// How long it is in base64url.
    var byteCount: Int { text.bytes.count }

    func isOf(_ text: Span<UInt8>) -> Bool { self.text.isSame(as: text) }

    /// A value, because what a class stores lends no spans.
    private struct Text {
        let bytes: [UInt8]

        func isSame(as text: Span<UInt8>) -> Bool { bytes.span.hasSameBytes(as: text) }
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
        return found.isOf(text) ? found : nil
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
    static let maximumByteCount = 512
}
