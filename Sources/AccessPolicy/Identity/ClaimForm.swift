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

    /// Hands over each value.
    ///
    /// - Returns: false when the claim has another form, also if only a member has; some values may
    ///   have been handed over by then, and must not be used.
    func forEachValue(in json: JSONValue, _ body: (String) -> Void) -> Bool {
        switch (json, self) {
        case (.string(let text), .string), (.string(let text), .stringOrList):
            body(text)
        case (.string(let text), .spaceSeparated):
            guard !text.utf8.isEmpty else { return true }
            let words = text.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
            guard words.count <= Self.maximumValues else { return false }
            for word in words {
                guard !word.isEmpty else { return false }
                body(String(Substring(word)))
            }
        case (.array(let members), .list), (.array(let members), .stringOrList):
            for member in members {
                guard case .string(let text) = member else { return false }
                body(text)
            }
        default: return false
        }
        return true
    }

    /// As many as the JSON reader accepts in a list.
    private static let maximumValues = 256
}
