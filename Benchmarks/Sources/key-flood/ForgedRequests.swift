/// Requests that differ from a good one in the token's `kid` alone: another one each time, never seen
/// before. Payload and signature stay, so nothing but the key is wrong with them.
struct ForgedRequests {
    private let beforeToken: [UInt8]
    private let beforeKeyID: [UInt8]
    private let afterKeyID: [UInt8]
    private let afterHeader: [UInt8]
    /// Distinct from what earlier runs have sent to the same gateway.
    private let run = UInt32.random(in: 0...UInt32.max)
    private(set) var count: UInt64 = 0

    init(token: [UInt8], request: (_ token: [UInt8]) -> [UInt8]) throws {
        let parts = token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Base64URL.decoded(parts[0]),
            let keyID = Self.keyID(in: header)
        else { throw FloodProblem("the token has no header with a `kid`") }
        beforeKeyID = Array(header[..<keyID.lowerBound])
        afterKeyID = Array(header[keyID.upperBound...])
        let whole = request(token)
        guard let place = whole.firstRange(of: token) else {
            throw FloodProblem("the request is without its token")
        }
        beforeToken = Array(whole[..<place.lowerBound])
        afterHeader = Array(whole[(place.lowerBound + parts[0].count)...])
    }

    /// Appends the next one.
    mutating func append(to bytes: inout [UInt8]) {
        bytes += beforeToken
        Base64URL.encode(beforeKeyID + nextKeyID() + afterKeyID, to: &bytes)
        bytes += afterHeader
    }

    /// As long as a thumbprint, which is what the good token's is.
    private mutating func nextKeyID() -> [UInt8] {
        count += 1
        let number = (UInt64(run) << 32) | count
        let digits = (0..<16).map { Self.digits[Int(number >> (60 - 4 * UInt64($0)) & 15)] }
        return Self.keyIDStart + digits
    }

    private static func keyID(in header: [UInt8]) -> Range<Int>? {
        guard let name = header.firstRange(of: Array("\"kid\":\"".utf8)),
            let end = header[name.upperBound...].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        return name.upperBound..<end
    }

    private static let digits = Array("0123456789abcdef".utf8)
    private static let keyIDStart = Array("nobody-has-a-key-with-id-..".utf8)
}

/// RFC 4648 § 5 without padding.
enum Base64URL {
    static func encode(_ bytes: [UInt8], to text: inout [UInt8]) {
        var bits: UInt32 = 0
        var count = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
    }

    static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        return bytes
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
}
