import StrictJSON

/// Why a token is refused. Two rejections are equal when their codes are.
package struct TokenRejection: Error, Sendable, CustomStringConvertible {
    /// The reason codes of the table that is at once log key, metric label and documentation row.
    package enum Reason: String, Sendable, CaseIterable {
        case malformed = "token_malformed"
        case tooLarge = "token_too_large"
        case header = "token_header"
        case algorithm = "token_alg"
        case signature = "token_signature"
        case unknownKey = "token_unknown_key"
        /// The token may be good: the keys to tell are not to be had at the moment.
        case keysUnavailable = "keys_unavailable"
        case expired = "token_expired"
        case notYetValid = "token_not_yet"
        case lifetime = "token_lifetime"
        case issuer = "token_issuer"
        case audience = "token_audience"
        case type = "token_type"
        case claim = "token_claim"
        case binding = "token_binding"
        case revoked = "token_revoked"
    }

    package let reason: Reason
    /// The key that could lead to another outcome if the issuer's keys were fetched anew; nil when no
    /// fetch can.
    package let missingKey: MissingKey?
    /// The `jti` of a token whose signature had been verified before it was refused: at most 64 bytes
    /// of printable ASCII. Nil for all others: a log must not repeat what anybody could have written.
    package private(set) var tokenID: String?
    private let text: StaticString

    init(_ reason: Reason, _ detail: StaticString, missingKey: MissingKey? = nil) {
        self.reason = reason
        self.missingKey = missingKey
        text = detail
    }

    /// The same, of the genuine token with these claims.
    func ofToken(_ claims: JSONObject) -> TokenRejection {
        guard let place = claims.index(of: .tokenID), claims.byteCount(at: place) <= 66,
            let tokenID = claims.value(at: place).string, tokenID.utf8.span.isPrintableASCII
        else { return self }
        var rejection = self
        rejection.tokenID = tokenID
        return rejection
    }

    /// Which check failed, in plain words. Always one of our own texts, never anything of the token.
    package var detail: String { text.description }

    /// The stable code, such as `token_expired`.
    package var code: String { reason.rawValue }

    package var description: String { "\(code): \(detail)" }
}

extension TokenRejection: Equatable {
    package static func == (left: TokenRejection, right: TokenRejection) -> Bool {
        left.reason == right.reason
    }
}
