package import TokenVerification

/// What a sign-in or a refresh gives.
package struct IssuedTokens: Sendable, Redacted {
    package let accessToken: String
    /// Seconds that the access token lasts.
    package let expiresIn: Int64
    package let refreshToken: String
    package let session: SessionID
    package let account: Account
}

/// Who signs in: what the list of one's own sessions shows. Both are cut to a length that the store
/// is happy with.
package struct ClientDescription: Sendable, Equatable {
    /// The IP address.
    package let address: String
    /// What the `User-Agent` field said; empty when there was none.
    package let userAgent: String

    package init(address: String, userAgent: String) {
        self.address = Self.cut(address, to: 64)
        self.userAgent = Self.cut(userAgent, to: 255)
    }

    private static func cut(_ text: String, to count: Int) -> String {
        let shown = text.unicodeScalars.lazy.filter { !TextRules.isControl($0) }.prefix(count)
        return String(String.UnicodeScalarView(shown))
    }
}

/// Which of one's sessions a sign-out ends.
package enum SignOutScope: String, Sendable, CaseIterable {
    case here
    case others
    case everywhere
}
