import StrictJSON

/// One text for each sequence of bytes, and one sequence for each text (RFC 4648 § 3.5).
enum Base64URLInvariants {
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        let decoded = Base64URL.decode(input.span)
        if let decoded {
            try invariant(
                Base64URL.encode(decoded.span) == input, "what decodes encodes to the same text")
        }
        try invariant((decoded != nil) == isCanonical(input), "exactly canonical texts decode")
        try invariant(
            Base64URL.decode(Base64URL.encode(input.span).span) == input,
            "every sequence of bytes survives")

        var scratch = [UInt8](repeating: 0, count: Base64URL.decodedCount(input.count) + 8)
        let count = Base64URL.decode(input.span, into: &scratch)
        try invariant(count == decoded?.count, "both ways of decoding agree")
        if let count, let decoded {
            try invariant(Array(scratch.prefix(count)) == decoded, "both ways give the same bytes")
        }
    }

    /// The definition, slowly: digits only, no lone digit at the end, spare bits zero.
    private static func isCanonical(_ text: [UInt8]) -> Bool {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var values: [Int] = []
        for byte in text {
            guard let value = alphabet.firstIndex(of: byte) else { return false }
            values.append(value)
        }
        switch text.count % 4 {
        case 0: return true
        case 2: return values.last.map { $0 % 16 == 0 } ?? false
        case 3: return values.last.map { $0 % 4 == 0 } ?? false
        default: return false
        }
    }
}
