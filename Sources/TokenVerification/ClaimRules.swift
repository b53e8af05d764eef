import Cryptography
import StrictJSON

/// The checks on a claims set (RFC 7519 § 4.1) whose signature has been verified.
enum ClaimRules {
    /// What the checks found out.
    struct Findings {
        let expiresAt: Int64
        let sessionID: SessionID?
        let userVersion: Int64?
    }

    /// All checks on the claims; `now` is in Unix seconds.
    static func check(
        _ claims: borrowing Claims, of issuer: KeyRing.Issuer, now: Int64
    ) throws(TokenRejection) -> Findings {
        guard let place = claims[.issuer], claims.object.isText(issuer.issuerText, at: place) else {
            throw TokenRejection(.issuer, "`iss` is not the issuer that the key belongs to")
        }
        let expiresAt = try checkTimes(claims, of: issuer, now: now)
        try checkAudience(claims, of: issuer)
        try checkPurpose(claims)
        try checkSubject(claims)
        for name in issuer.requiredClaims {
            guard let place = claims.object.index(of: name), !claims.object.isNull(at: place)
            else {
                throw TokenRejection(.claim, "a claim that the issuer's rules require is missing")
            }
        }
        // RFC 7800: the token is bound to a key that its bearer must prove to have. Taking it as a
        // plain bearer token would undo the binding.
        guard claims[.confirmation] == nil else {
            throw TokenRejection(.binding, "the token is bound to a key by `cnf`")
        }
        try checkTokenID(claims)
        guard issuer.rules.hasSessions else {
            return Findings(expiresAt: expiresAt, sessionID: nil, userVersion: nil)
        }
        return Findings(
            expiresAt: expiresAt, sessionID: try sessionID(claims),
            userVersion: try userVersion(claims))
    }

    /// The version of the account when the token was issued.
    private static func userVersion(_ claims: borrowing Claims) throws(TokenRejection) -> Int64? {
        guard let claim = claims.value(.userVersion) else { return nil }
        guard let version = claim.number?.integer else {
            throw TokenRejection(.claim, "`uv` is not a whole number")
        }
        return version
    }

    /// A token of our own without `sid` is one that was made by hand; one that cannot be read could
    /// never be revoked.
    private static func sessionID(_ claims: borrowing Claims) throws(TokenRejection) -> SessionID? {
        guard let claim = claims.value(.sessionID) else { return nil }
        guard let text = claim.string, let session = SessionID(text) else {
            throw TokenRejection(.claim, "`sid` is no session of ours")
        }
        return session
    }

    private static func checkTimes(
        _ claims: borrowing Claims, of issuer: KeyRing.Issuer, now: Int64
    ) throws(TokenRejection) -> Int64 {
        guard let expiresAt = try time(.expiresAt, claims) else {
            throw TokenRejection(.claim, "`exp` is missing")
        }
        let notBefore = try time(.notBefore, claims)
        let issuedAt = try time(.issuedAt, claims)
        guard issuedAt != nil || !issuer.rules.hasSessions else {
            throw TokenRejection(.claim, "`iat` is missing")
        }
        guard now < expiresAt + issuer.rules.leeway else {
            throw TokenRejection(.expired, "`exp` has passed")
        }
        try checkStart(notBefore, expiresAt, latest: now + issuer.rules.leeway)
        try checkStart(issuedAt, expiresAt, latest: now + issuer.rules.leeway)
        // A token that does not say when it was issued cannot have lived for longer than until now.
        if let maxLifetime = issuer.rules.maxLifetime, expiresAt - (issuedAt ?? now) > maxLifetime {
            throw TokenRejection(.lifetime, "the token lives longer than the issuer's rules allow")
        }
        return expiresAt
    }

    private static func checkStart(
        _ start: Int64?, _ expiresAt: Int64, latest: Int64
    ) throws(TokenRejection) {
        guard let start else { return }
        guard start <= expiresAt else {
            throw TokenRejection(.claim, "`nbf` or `iat` is later than `exp`")
        }
        guard start <= latest else {
            throw TokenRejection(.notYetValid, "`nbf` or `iat` is in the future")
        }
    }

    /// A NumericDate (RFC 7519 § 2), rounded down; nil when the claim is absent.
    private static func time(
        _ claim: Claim, _ claims: borrowing Claims
    ) throws(TokenRejection) -> Int64? {
        guard let place = claims[claim] else { return nil }
        let value =
            claims.object.digits(at: place)
            ?? (claims.object.isNegative(at: place) ? nil : claims.object.floor(at: place))
        guard let seconds = value, UTCTime.representable.contains(seconds) else {
            throw TokenRejection(.claim, "`exp`, `nbf` or `iat` is not a time")
        }
        return seconds
    }

    private static func checkAudience(
        _ claims: borrowing Claims, of issuer: KeyRing.Issuer
    ) throws(TokenRejection) {
        guard let place = claims[.audience] else {
            throw TokenRejection(.audience, "`aud` is missing")
        }
        var isMeant = false
        if claims.object.isString(at: place) {
            isMeant = claims.object.isText(issuer.audiences, at: place)
        } else if let elements = claims.object.value(at: place).array {
            guard !issuer.rules.singleAudience else {
                throw TokenRejection(.audience, "`aud` is an array; the issuer's rules ask for one")
            }
            for element in elements {
                guard let audience = element.string else {
                    throw TokenRejection(.claim, "`aud` holds something else than texts")
                }
                isMeant = isMeant || issuer.audiences.firstIndex(of: audience.utf8.span) != nil
            }
        } else {
            throw TokenRejection(.claim, "`aud` is neither a text nor an array of texts")
        }
        guard isMeant else { throw TokenRejection(.audience, "`aud` does not name us") }
    }

    /// Issuers that give all their tokens one `typ` in the header tell them apart by a claim: Amazon
    /// Cognito by `token_use`, Keycloak by a claim `typ`, Simple JWT for Django by `token_type`; OpenID
    /// Connect Back-Channel Logout 1.0 § 2.4 requires `events`.
    static func checkPurpose(_ claims: borrowing Claims) throws(TokenRejection) {
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
    static func checkTokenID(_ claims: borrowing Claims) throws(TokenRejection) {
        if let place = claims[.tokenID], !claims.object.isString(at: place) {
            throw TokenRejection(.claim, "`jti` is not a text")
        }
    }

    private static let otherPurposes = ["ID", "Refresh", "Offline", "Logout"]
    private static let otherTokenTypes = ["refresh", "sliding"]
    private static let logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

    static func checkSubject(_ claims: borrowing Claims) throws(TokenRejection) {
        if let place = claims[.subject], let range = claims.object.plainText(at: place),
            (1...255).contains(range.count),
            claims.object.bytes.span.extracting(range).isPrintableASCII
        {
            return
        }
        guard case .string(let subject) = claims.value(.subject),
            (1...255).contains(subject.utf8.count)
        else {
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
    }
}
