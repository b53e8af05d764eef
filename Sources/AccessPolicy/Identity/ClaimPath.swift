import StrictJSON

/// Where in a token's claims a value stands: `sub`, or `realm_access.roles`.
///
/// A dot separates names; `\.` is a dot inside a name, `\\` a backslash. A text with a colon and without
/// a backslash is one name, dots and all: OpenID Connect Core § 5.1.2 asks for such names, which are
/// URIs, in private claims. No name has a meaning of its own: `__proto__` is a name like others.
///
/// A class, so that looking it up copies none of the names.
final class ClaimPath: Sendable, Equatable {
    /// The claim itself. Prepared for the search among a token's claims, of which there are many.
    private let first: JSONName
    /// The names within it.
    private let rest: [JSONName]

    /// Nil when a name is empty, and when a backslash stands before anything but a dot or a backslash.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.contains(UInt8(ascii: "\\")) || !bytes.contains(UInt8(ascii: ":")) else {
            first = JSONName(text)
            rest = []
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
        first = JSONName(String(decoding: names[0], as: UTF8.self))
        rest = names.dropFirst().map { JSONName(String(decoding: $0, as: UTF8.self)) }
    }

    /// Where the value is, which may be JSON's null; nil when there is none.
    func location(in claims: JSONObject) -> JSONLocation? {
        guard var location = claims.location(of: first) else { return nil }
        for name in rest {
            guard let inner = claims.location(of: name, within: location) else { return nil }
            location = inner
        }
        return location
    }

    static func == (left: ClaimPath, right: ClaimPath) -> Bool {
        left.first.text.hasSameBytes(as: right.first.text)
            && left.rest.elementsEqual(right.rest) { $0.text.hasSameBytes(as: $1.text) }
    }
}

extension [ClaimPath] {
    /// Where the value of the first is that is present, whatever its type.
    func firstLocation(in claims: JSONObject) -> JSONLocation? {
        for path in self {
            if let location = path.location(in: claims) { return location }
        }
        return nil
    }
}
