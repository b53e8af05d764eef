/// Finds the token in an `Authorization` value (RFC 6750 § 2.1): the scheme in any case, exactly
/// one space, and all the rest is the token.
///
/// What a token may hold is the verifier's to say: a second space, a comma or a second credential
/// is no byte of a JWT, and a known token has been through the verifier.
enum BearerCredential {
    enum Reading: Equatable {
        /// Where the token is.
        case token(Range<Int>)
        /// Another scheme: as good as no credential.
        case otherScheme
        case malformed
    }

    static func read(_ value: Span<UInt8>) -> Reading {
        guard startsWithScheme(value) else { return .otherScheme }
        guard value.count > 7, value[6] == 0x20 else { return .malformed }
        return .token(7..<value.count)
    }

    private static func startsWithScheme(_ value: Span<UInt8>) -> Bool {
        guard value.count >= 6, value.count == 6 || !isSchemeByte(value[6]) else { return false }
        return value[0] | 0x20 == 0x62 && value[1] | 0x20 == 0x65 && value[2] | 0x20 == 0x61
            && value[3] | 0x20 == 0x72 && value[4] | 0x20 == 0x65 && value[5] | 0x20 == 0x72
    }

    private static func isSchemeByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2D
    }
}
