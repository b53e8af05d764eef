import Cryptography
import StrictJSON

/// The checks on a claims set (RFC 7519 § 4.1) whose signature has been verified.
struct ClaimRules {
    let issuer: KeyRing.Issuer
    /// Unix seconds.
    let now: Int64

    /// What the checks found out.
    struct Findings {
        let subject: String
        let expiresAt: Int64
        let sessionID: SessionID?
        let userVersion: Int64?
    }

    private var rules: IssuerRules { issuer.rules }

    func check(_ claims: JSONObject) throws(TokenRejection) -> Findings {
        guard let index = claims.index(of: .issuer), claims.isString(rules.issuer, at: index) else {
            throw TokenRejection(.issuer, "`iss` is not the issuer that the key belongs to")
        }
        let expiresAt = try checkTimes(claims)
        try checkAudience(claims)
        try checkPurpose(claims)
        let subject = try subject(claims)
        for name in issuer.requiredClaims {
            guard let index = claims.index(of: name), !claims.isNull(at: index) else {
                throw TokenRejection(.claim, "a claim that the issuer's rules require is missing")
            }
        }
        // RFC 7800: the token is bound to a key that its bearer must prove to have. Taking it as a
        // plain bearer token would undo the binding.
        guard claims.index(of: .confirmation) == nil else {
            throw TokenRejection(.binding, "the token is bound to a key by `cnf`")
        }
        // RFC 7519 § 4.1.7. One that cannot be read could never be revoked.
        if let index = claims.index(of: .tokenID), !claims.isString(at: index) {
            throw TokenRejection(.claim, "`jti` is not a text")
        }
        return Findings(
            subject: subject, expiresAt: expiresAt, sessionID: try sessionID(claims),
            userVersion: try userVersion(claims))
    }

    /// The version of the account when the token was issued.
    private func userVersion(_ claims: JSONObject) throws(TokenRejection) -> Int64? {
        guard rules.hasSessions, let claim = claims[.userVersion] else { return nil }
        guard let version = claim.number?.integer else {
            throw TokenRejection(.claim, "`uv` is not a whole number")
        }
        return version
    }

    /// A token of our own without `sid` is one that was made by hand; one that cannot be read could
    /// never be revoked.
    private func sessionID(_ claims: JSONObject) throws(TokenRejection) -> SessionID? {
        guard rules.hasSessions, let claim = claims[.sessionID] else { return nil }
        guard let text = claim.string, let session = SessionID(text) else {
            throw TokenRejection(.claim, "`sid` is no session of ours")
        }
        return session
    }

    private func checkTimes(_ claims: JSONObject) throws(TokenRejection) -> Int64 {
        guard let expiresAt = try time(claims[.expiresAt]) else {
            throw TokenRejection(.claim, "`exp` is missing")
        }
        let notBefore = try time(claims[.notBefore])
        let issuedAt = try time(claims[.issuedAt])
        guard issuedAt != nil || !rules.hasSessions else {
            throw TokenRejection(.claim, "`iat` is missing")
        }
        guard now < expiresAt + rules.leeway else {
            throw TokenRejection(.expired, "`exp` has passed")
        }
        try checkStart(notBefore, expiresAt)
        try checkStart(issuedAt, expiresAt)
        // A token that does not say when it was issued cannot have lived for longer than until now.
        if let maxLifetime = rules.maxLifetime, expiresAt - (issuedAt ?? now) > maxLifetime {
            throw TokenRejection(.lifetime, "the token lives longer than the issuer's rules allow")
        }
        return expiresAt
    }

    private func checkStart(_ start: Int64?, _ expiresAt: Int64) throws(TokenRejection) {
        guard let start else { return }
        guard start <= expiresAt else {
            throw TokenRejection(.claim, "`nbf` or `iat` is later than `exp`")
        }
        guard start <= now + rules.leeway else {
            throw TokenRejection(.notYetValid, "`nbf` or `iat` is in the future")
        }
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

    private func checkAudience(_ claims: JSONObject) throws(TokenRejection) {
        guard let index = claims.index(of: .audience) else {
            throw TokenRejection(.audience, "`aud` is missing")
        }
        var isMeant = false
        if claims.isString(at: index) {
            for audience in rules.audiences where claims.isString(audience, at: index) {
                isMeant = true
            }
        } else if let elements = claims.value(at: index).array {
            guard !rules.singleAudience else {
                throw TokenRejection(.audience, "`aud` is an array; the issuer's rules ask for one")
            }
            for element in elements {
                guard let audience = element.string else {
                    throw TokenRejection(.claim, "`aud` holds something else than texts")
                }
                isMeant = isMeant || rules.audiences.contains { $0.hasSameBytes(as: audience) }
            }
        } else {
            throw TokenRejection(.claim, "`aud` is neither a text nor an array of texts")
        }
        guard isMeant else { throw TokenRejection(.audience, "`aud` does not name us") }
    }

    /// Issuers that give all their tokens one `typ` in the header tell them apart by a claim: Amazon
    /// Cognito by `token_use`, Keycloak by a claim `typ`; OpenID Connect Back-Channel Logout 1.0
    /// § 2.4 requires `events`.
    private func checkPurpose(_ claims: JSONObject) throws(TokenRejection) {
        if let index = claims.index(of: .tokenUse), !claims.isString("access", at: index) {
            throw TokenRejection(.type, "`token_use` says that this is no access token")
        }
        if let index = claims.index(of: .type) {
            for other in Self.otherPurposes where claims.isString(other, at: index) {
                throw TokenRejection(.type, "the claim `typ` says that this is no access token")
            }
        }
        if claims[.events]?[Self.logoutEvent] != nil {
            throw TokenRejection(.type, "this is a logout token")
        }
    }

    private static let otherPurposes = ["ID", "Refresh", "Offline", "Logout"]
    private static let logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

    private func subject(_ claims: JSONObject) throws(TokenRejection) -> String {
        guard let index = claims.index(of: .subject),
            case .string(let subject) = claims.value(at: index),
            (1...255).contains(subject.utf8.count)
        else {
            throw TokenRejection(.claim, "`sub` is not a text of 1 to 255 bytes")
        }
        // General category Cc: C0, DEL and C1. They forge log lines and header fields.
        guard
            subject.utf8.span.isPrintableASCII
                || subject.unicodeScalars.allSatisfy({
                    $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)
                })
        else {
            throw TokenRejection(.claim, "`sub` holds a control character")
        }
        return subject
    }
}

extension JSONName {
    static let issuer = JSONName("iss")
    static let subject = JSONName("sub")
    static let audience = JSONName("aud")
    static let expiresAt = JSONName("exp")
    static let notBefore = JSONName("nbf")
    static let issuedAt = JSONName("iat")
    static let tokenID = JSONName("jti")
    static let sessionID = JSONName("sid")
    static let userVersion = JSONName("uv")
    static let tokenUse = JSONName("token_use")
    static let type = JSONName("typ")
    static let events = JSONName("events")
    static let confirmation = JSONName("cnf")
}
