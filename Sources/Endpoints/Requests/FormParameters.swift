/// The parameters of an `application/x-www-form-urlencoded` body, as strictly as RFC 6749 § 3.2 lets
/// one be: every name at most once, known or not; one without a value counts as absent.
struct FormParameters {
    private let values: [String: String]

    /// Why a body is no such list; in words that hold nothing of it.
    struct Malformed: Error, Equatable {
        let detail: String
    }

    init(_ body: [UInt8]) throws(Malformed) {
        var values: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")) {
            guard values.count < Self.maximumCount else {
                throw Malformed(detail: "more than \(Self.maximumCount) parameters")
            }
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let name = try Self.decode(pair[..<equals])
            let value = try Self.decode(pair[equals...].dropFirst())
            guard values.updateValue(value, forKey: name) == nil else {
                throw Malformed(detail: "a parameter is repeated")
            }
        }
        self.values = values
    }

    subscript(_ name: String) -> String? {
        guard let value = values[name], !value.isEmpty else { return nil }
        return value
    }

    /// Anything that a form encoder would have escaped is refused raw, and so is what decodes to a
    /// control character or to bytes that are not UTF-8.
    private static func decode(_ text: ArraySlice<UInt8>) throws(Malformed) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(hexValue),
                    let low = rest.popFirst().flatMap(hexValue)
                else { throw Malformed(detail: "a percent sign without two hexadecimal digits") }
                bytes.append(high << 4 | low)
            case 0x21...0x7E: bytes.append(byte)
            default: throw Malformed(detail: "a byte that must be encoded")
            }
        }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { throw Malformed(detail: "an escape that is not text") }
        return decoded
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }

    private static let maximumCount = 32
}
