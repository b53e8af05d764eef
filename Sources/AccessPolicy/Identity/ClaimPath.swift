import StrictJSON

/// Where in a token's claims a value stands: `sub`, or `realm_access.roles`.
///
/// A dot separates names; `\.` is a dot inside a name, `\\` a backslash. A text with a colon and without
/// a backslash is one name, dots and all: OpenID Connect Core § 5.1.2 asks for such names, which are
/// URIs, in private claims. No name has a meaning of its own: `__proto__` is a name like others.
struct ClaimPath: Sendable, Equatable {
    let names: [String]

    /// Nil when a name is empty, and when a backslash stands before anything but a dot or a backslash.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "\\")) || !bytes.contains(UInt8(ascii: ":")) else {
            names = [text]
            return
        }
        var names: [[UInt8]] = [[]]
        var isEscaped = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\\") where !isEscaped:
                isEscaped = true
                continue
            case UInt8(ascii: ".") where !isEscaped: names.append([])
            case UInt8(ascii: "\\"), UInt8(ascii: "."): names[names.count - 1].append(byte)
            default:
                guard !isEscaped else { return nil }
                names[names.count - 1].append(byte)
            }
            isEscaped = false
        }
        guard !isEscaped, names.allSatisfy({ !$0.isEmpty }) else { return nil }
        self.names = names.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The value, which may be JSON's null; nil when there is none.
    func value(in claims: JSONValue) -> JSONValue? {
        var value = claims
        for name in names {
            guard let member = value.member(name) else { return nil }
            value = member
        }
        return value
    }
}

extension JSONValue {
    /// The same as the subscript. Lengths are compared first, in place: nearly all names of a token
    /// differ in them.
    fileprivate func member(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        let length = name.utf8.count
        let candidates = members.span
        for index in candidates.indices
        where candidates[index].name.utf8.count == length
            && candidates[index].name.hasSameBytes(as: name)
        {
            return candidates[index].value
        }
        return nil
    }
}

extension [ClaimPath] {
    /// The value of the first that is present, whatever its type.
    func firstValue(in claims: JSONValue) -> JSONValue? {
        for index in indices {
            if let value = self[index].value(in: claims) { return value }
        }
        return nil
    }
}
