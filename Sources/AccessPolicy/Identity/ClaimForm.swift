import StrictJSON

/// The JSON form in which an issuer writes a claim.
enum ClaimForm: String, Sendable, CaseIterable {
    /// One text, which is one value.
    case string
    /// A list of texts.
    case list
    /// Either of the two: some issuers write a list of one as a text.
    case stringOrList = "string_or_list"
    /// One text, in which one space separates values: `scope` (RFC 6749 § 3.3).
    case spaceSeparated = "space_separated"
    /// Either of the last and a list, none of whose members holds a space: how issuers write scopes.
    case spaceSeparatedOrList = "space_separated_or_list"

    /// Those that a policy can name.
    static let allCases: [ClaimForm] = [.string, .list, .stringOrList, .spaceSeparated]

    /// Hands over the bytes of each value.
    ///
    /// - Returns: false when the claim has another form, also if only a member has; some values may
    ///   have been handed over by then, and must not be used.
    func forEachValue(
        in claims: JSONObject, at location: JSONLocation, _ body: (Span<UInt8>) -> Void
    ) -> Bool {
        guard self == .spaceSeparated || self == .spaceSeparatedOrList else {
            switch claims.texts(at: location, body) {
            case .single: return self != .list
            case .list: return self != .string
            case .none: return false
            }
        }
        var isSeparated = true
        var holdsSpace = false
        let found = claims.texts(at: location) { text in
            holdsSpace = holdsSpace || text.firstIndex(of: 0x20, from: 0) != nil
            isSeparated = isSeparated && Self.forEachWord(of: text, body)
        }
        switch found {
        case .single: return isSeparated
        case .list: return self == .spaceSeparatedOrList && isSeparated && !holdsSpace
        case .none: return false
        }
    }

    private static func forEachWord(
        of text: Span<UInt8>, _ body: (Span<UInt8>) -> Void
    ) -> Bool {
        guard !text.isEmpty else { return true }
        var start = 0
        for _ in 0..<maximumValues {
            let end = text.firstIndex(of: 0x20, from: start) ?? text.count
            guard end > start else { return false }
            body(text.extracting(start..<end))
            guard end < text.count else { return true }
            start = end + 1
        }
        return false
    }

    /// As many as the JSON reader accepts in a list.
    private static let maximumValues = 256
}
