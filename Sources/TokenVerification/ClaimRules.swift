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

    func check(_ object: JSONObject) throws(TokenRejection) -> Findings {
        let claims = Claims(object)
        guard let place = claims[.issuer], object.isString(rules.issuer, at: place) else {
            throw TokenRejection(.issuer, "`iss` is not the issuer that the key belongs to")
        }
        let expiresAt = try checkTimes(claims)
        try checkAudience(claims)
        try Self.checkPurpose(claims)
        let subject = try Self.subject(claims)
        for name in issuer.requiredClaims {
            guard let place = object.index(of: name), !object.isNull(at: place) else {
                throw TokenRejection(.claim, "a claim that the issuer's rules require is missing")
            }
        }
        // RFC 7800: the token is bound to a key that its bearer must prove to have. Taking it as a
        // plain bearer token would undo the binding.
        guard claims[.confirmation] == nil else {
            throw TokenRejection(.binding, "the token is bound to a key by `cnf`")
        }
        try Self.checkTokenID(claims)
        guard rules.hasSessions else {
            return Findings(
                subject: subject, expiresAt: expiresAt, sessionID: nil, userVersion: nil)
        }
        return Findings(
            subject: subject, expiresAt: expiresAt, sessionID: try sessionID(claims),
            userVersion: try userVersion(claims))
    }

    /// The version of the account when the token was issued.
    private func userVersion(_ claims: Claims) throws(TokenRejection) -> Int64? {
        guard let claim = claims.value(.userVersion) else { return nil }
        guard let version = claim.number?.integer else {
            throw TokenRejection(.claim, "`uv` is not a whole number")
        }
        return version
    }

    /// A token of our own without `sid` is one that was made by hand; one that cannot be read could
    /// never be revoked.
    private func sessionID(_ claims: Claims) throws(TokenRejection) -> SessionID? {
        guard let claim = claims.value(.sessionID) else { return nil }
        guard let text = claim.string, let session = SessionID(text) else {
            throw TokenRejection(.claim, "`sid` is no session of ours")
        }
        return session
    }

    private func checkTimes(_ claims: Claims) throws(TokenRejection) -> Int64 {
        guard let expiresAt = try time(.expiresAt, claims) else {
            throw TokenRejection(.claim, "`exp` is missing")
        }
        let notBefore = try time(.notBefore, claims)
        let issuedAt = try time(.issuedAt, claims)
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
    private func time(_ claim: Claim, _ claims: Claims) throws(TokenRejection) -> Int64? {
        guard let place = claims[claim] else { return nil }
        guard !claims.object.isNegative(at: place), let seconds = claims.object.floor(at: place),
            UTCTime.representable.contains(seconds)
        else {
            throw TokenRejection(.claim, "`exp`, `nbf` or `iat` is not a time")
        }
        return seconds
    }

    private func checkAudience(_ claims: Claims) throws(TokenRejection) {
        guard let place = claims[.audience] else {
            throw TokenRejection(.audience, "`aud` is missing")
        }
        var isMeant = false
        if claims.object.isString(at: place) {
            isMeant = rules.audiences.contains { claims.object.isString($0, at: place) }
        } else if let elements = claims.object.value(at: place).array {
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
    /// Cognito by `token_use`, Keycloak by a claim `typ`, Simple JWT for Django by `token_type`; OpenID
    /// Connect Back-Channel Logout 1.0 § 2.4 requires `events`.
    static func checkPurpose(_ claims: Claims) throws(TokenRejection) {
        if let place = claims[.tokenUse], !claims.object.isString("access", at: place) {
            throw TokenRejection(.type, "`token_use` says that this is no access token")
        }
        if let place = claims[.type] {
            guard !otherPurposes.contains(where: { claims.object.isString($0, at: place) })
            else {
                throw TokenRejection(.type, "the claim `typ` says that this is no access token")
            }
        }
        if let text = claims.value(.tokenType)?.string {
            guard !otherTokenTypes.contains(where: { $0.hasSameBytes(as: text.lowercased()) })
            else {
                throw TokenRejection(.type, "`token_type` says that this is no access token")
            }
        }
        if claims.value(.events)?[logoutEvent] != nil {
            throw TokenRejection(.type, "this is a logout token")
        }
    }

    /// RFC 7519 § 4.1.7. One that cannot be read could never be revoked.
    static func checkTokenID(_ claims: Claims) throws(TokenRejection) {
        if let place = claims[.tokenID], !claims.object.isString(at: place) {
            throw TokenRejection(.claim, "`jti` is not a text")
        }
    }

    private static let otherPurposes = ["ID", "Refresh", "Offline", "Logout"]
    private static let otherTokenTypes = ["refresh", "sliding"]
    private static let logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

    static func subject(_ claims: Claims) throws(TokenRejection) -> String {
        guard case .string(let subject) = claims.value(.subject),
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
