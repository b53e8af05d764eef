import Cryptography

// `#expect` cannot look into calls whose arguments are spans.

extension SignatureVerifier {
    func accepts(_ signature: [UInt8], _ message: [UInt8]) -> Bool {
        isValid(signature: signature.span, message: message.span)
    }
}

func constantTimeEquals(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    constantTimeEquals(left.span, right.span)
}

/// Reads pairs of hexadecimal digits; what separates them is left out.
func bytes(hex text: String) -> [UInt8] {
    let digits = text.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map {
        UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
}
