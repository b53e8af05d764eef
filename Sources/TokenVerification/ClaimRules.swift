import Cryptography
import StrictJSON

/// The checks on a claims set (RFC 7519 § 4.1) whose signature has been verified.
struct ClaimRules {
    let rules: IssuerRules
    /// Unix seconds.
    let now: Int64

    /// What the checks found out.
    struct Findings {
        let subject: String
        let expiresAt: Int64
        let tokenID: String?
        let sessionID: SessionID?
        let userVersion: Int64?
    }

    func check(_ claims: JSONValue) throws(TokenRejection) -> Findings {
        guard case .object = claims else {
            throw TokenRejection(.malformed, "the payload is not an object")
        }
        guard let issuer = claims["iss"]?.string, issuer.hasSameBytes(as: rules.issuer) else {
            throw TokenRejection(.issuer, "`iss` is not the issuer that the key belongs to")
        }
        let expiresAt = try checkTimes(claims)
        try checkAudience(claims)
        try checkPurpose(claims)
        let subject = try subject(claims)
        for name in rules.requiredClaims {
            guard let value = claims[name], value != .null else {
                throw TokenRejection(.claim, "a claim that the issuer's rules require is missing")
            }
        }
        // RFC 7800: the token is bound to a key that its bearer must prove to have. Taking it as a
        // plain bearer token would undo the binding.
        guard claims["cnf"] == nil else {
            throw TokenRejection(.binding, "the token is bound to a key by `cnf`")
        }
        return Findings(
            subject: subject, expiresAt: expiresAt, tokenID: try tokenID(claims),
            sessionID: try sessionID(claims), userVersion: try userVersion(claims))
    }

    /// RFC 7519 § 4.1.7. One that cannot be read could never be revoked.
    private func tokenID(_ claims: JSONValue) throws(TokenRejection) -> String? {
        guard let claim = claims["jti"] else { return nil }
        guard let text = claim.string else {
            throw TokenRejection(.claim, "`jti` is not a text")
        }
        return text
    }

    /// The version of the account when the token was issued.
    private func userVersion(_ claims: JSONValue) throws(TokenRejection) -> Int64? {
        guard rules.hasSessions, let claim = claims["uv"] else { return nil }
        guard let version = claim.number?.integer else {
            throw TokenRejection(.claim, "`uv` is not a whole number")
        }
        return version
    }

    /// A token of our own without `sid` is one that was made by hand; one that cannot be read could
    /// never be revoked.
    private func sessionID(_ claims: JSONValue) throws(TokenRejection) -> SessionID? {
        guard rules.hasSessions, let claim = claims["sid"] else { return nil }
        guard let text = claim.string, let session = SessionID(text) else {
            throw TokenRejection(.claim, "`sid` is no session of ours")
        }
        return session
    }

    private func checkTimes(_ claims: JSONValue) throws(TokenRejection) -> Int64 {
        guard let expiresAt = try time(claims["exp"]) else {
            throw TokenRejection(.claim, "`exp` is missing")
        }
        let notBefore = try time(claims["nbf"])
        let issuedAt = try time(claims["iat"])
        guard issuedAt != nil || !rules.hasSessions else {
            throw TokenRejection(.claim, "`iat` is missing")
        }
        guard now < expiresAt + rules.leeway else {
            throw TokenRejection(.expired, "`exp` has passed")
        }
        for start in [notBefore, issuedAt] {
            guard let start else { continue }
            guard start <= expiresAt else {
                throw TokenRejection(.claim, "`nbf` or `iat` is later than `exp`")
            }
            guard start <= now + rules.leeway else {
                throw TokenRejection(.notYetValid, "`nbf` or `iat` is in the future")
            }
        }
        // A token that does not say when it was issued cannot have lived for longer than until now.
        if let maxLifetime = rules.maxLifetime, expiresAt - (issuedAt ?? now) > maxLifetime {
            throw TokenRejection(.lifetime, "the token lives longer than the issuer's rules allow")
        }
        return expiresAt
    }

    /// A NumericDate (RFC 7519 § 2), rounded down; nil when the claim is absent.
    private func time(_ value: JSONValue?) throws(TokenRejection) -> Int64? {
        guard let value else { return nil }
        guard let number = value.number, !number.isNegative, let seconds = number.floor,
            UTCTime.representable.contains(seconds)
        else {
            throw TokenRejection(.claim, "`exp`, `nbf` or `iat` is not a time")
        }
        return seconds
    }

    private func checkAudience(_ claims: JSONValue) throws(TokenRejection) {
        var isMeant = false
        switch claims["aud"] {
        case nil:
            throw TokenRejection(.audience, "`aud` is missing")
        case .string(let audience):
            isMeant = isOurs(audience)
        case .array(let elements):
            guard !rules.singleAudience else {
                throw TokenRejection(.audience, "`aud` is an array; the issuer's rules ask for one")
            }
            for element in elements {
                guard let audience = element.string else {
                    throw TokenRejection(.claim, "`aud` holds something else than texts")
                }
                isMeant = isMeant || isOurs(audience)
            }
        default:
            throw TokenRejection(.claim, "`aud` is neither a text nor an array of texts")
        }
        guard isMeant else { throw TokenRejection(.audience, "`aud` does not name us") }
    }

    private func isOurs(_ audience: String) -> Bool {
        rules.audiences.contains { $0.hasSameBytes(as: audience) }
    }

    /// Issuers that give all their tokens one `typ` in the header tell them apart by a claim: Amazon
    /// Cognito by `token_use`, Keycloak by a claim `typ`; OpenID Connect Back-Channel Logout 1.0
    /// § 2.4 requires `events`.
    private func checkPurpose(_ claims: JSONValue) throws(TokenRejection) {
        if let use = claims["token_use"], use != .string("access") {
            throw TokenRejection(.type, "`token_use` says that this is no access token")
        }
        if let type = claims["typ"], Self.otherPurposes.contains(type) {
            throw TokenRejection(.type, "the claim `typ` says that this is no access token")
        }
        if claims["events"]?[Self.logoutEvent] != nil {
            throw TokenRejection(.type, "this is a logout token")
        }
    }

    private static let otherPurposes: [JSONValue] = ["ID", "Refresh", "Offline", "Logout"]
        .map { .string($0) }
    private static let logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

    private func subject(_ claims: JSONValue) throws(TokenRejection) -> String {
        guard let subject = claims["sub"]?.string, (1...255).contains(subject.utf8.count) else {
            throw TokenRejection(.claim, "`sub` is not a text of 1 to 255 bytes")
        }
        // General category Cc: C0, DEL and C1. They forge log lines and header fields.
        guard
            subject.unicodeScalars.allSatisfy({
                $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
            })
        else {
            throw TokenRejection(.claim, "`sub` holds a control character")
        }
        return subject
    }
}
