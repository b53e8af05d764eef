import Cryptography
import StrictJSON
import TokenVerification

/// Keeps access tokens small: each request carries one, and many programs limit what fits in a header
/// field. Only role and group names can make them grow, so these are checked where they are given.
struct AccessTokenSize: Sendable {
    /// Bytes of the whole compact token, signed with ES256.
    static let limit = 700
    /// What `limit` leaves room for. A longer issuer or audience makes longer tokens and leaves as many
    /// names.
    static let longestIssuer = 64
    static let longestAudience = 7

    private let settings: IssuerSettings

    init(_ settings: IssuerSettings) {
        var settings = settings
        // Whoever wants them has chosen longer tokens.
        settings.tokenClaims = []
        if settings.issuer.utf8.count > Self.longestIssuer {
            settings.issuer = String(repeating: "i", count: Self.longestIssuer)
        }
        if settings.audience.joined().utf8.count > Self.longestAudience {
            settings.audience = [String(repeating: "a", count: Self.longestAudience)]
        }
        self.settings = settings
    }

    func allows(roles: [String], groups: [String]) -> Bool {
        byteCount(roles: roles, groups: groups) <= Self.limit
    }

    /// The longest token that an account with these names can get.
    private func byteCount(roles: [String], groups: [String]) -> Int {
        let request = TokenRequest(
            account(roles: roles, groups: groups), session, settings)
        guard
            let claims = try? request.claims(
                issuer: settings.issuer, now: Self.now,
                randomness: [UInt8](repeating: 0, count: 16))
        else { return .max }
        let payload = JSONWriter.write(.object(claims)).count
        return Self.headerAndSignature + (payload * 4 + 2) / 3
    }

    private func account(roles: [String], groups: [String]) -> Account {
        let profile = Profile(
            username: Username(stored: "", folded: ""), email: EmailAddress(stored: "", folded: ""))
        return Account(
            id: .random(), profile: profile, groups: groups, roles: roles,
            tokenVersion: 9_999_999, createdAt: 0, updatedAt: 0)
    }

    private var session: Session {
        Session(
            id: .random(), account: .random(), clientID: settings.clientID, currentHash: [],
            createdAt: Self.now, idleUntil: 0, notAfter: 0, tokenVersionAtIssue: 0,
            methods: ["pwd"], address: "", userAgent: "")
    }

    /// A time with as many digits as there will be until the year 2286.
    private static let now: Int64 = 9_000_000_000
    /// In base64url: a header of 82 bytes, which is `typ`, `alg` and a thumbprint, and r and s of 32
    /// bytes each; and two dots.
    private static let headerAndSignature = 110 + 86 + 2
}
