import StrictJSON

/// Where in a token's claims a value stands: `sub`, or `realm_access.roles`.
struct ClaimPath: Sendable, Equatable {
    let names: [String]

    /// Nil when a part between dots is empty. A name with a colon is a URI, of which the dots are part
    /// (OpenID Connect Core § 5.1.2 asks for such names in private claims), and so is one name.
    init?(_ text: String) {
        names =
            text.utf8.contains(UInt8(ascii: ":"))
            ? [text]
            : text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard names.allSatisfy({ !$0.isEmpty }) else { return nil }
    }

    /// The value, which may be JSON's null; nil when there is none.
    func value(in claims: JSONValue) -> JSONValue? {
        var value = claims
        for name in names {
            guard case .object(let members) = value,
                let member = members.first(where: { $0.name.utf8.elementsEqual(name.utf8) })
            else { return nil }
            value = member.value
        }
        return value
    }
}
