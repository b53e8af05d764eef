import Cryptography
import StrictJSON

/// Access tokens of sessions, in the profile of RFC 9068.
struct AccessTokens: Sendable {
    private let settings: IssuerSettings
    private let mint: TokenMint

    init(settings: IssuerSettings, signingKey: SigningKey) {
        self.settings = settings
        mint = TokenMint(issuer: settings.issuer, signingKey: signingKey)
    }

    func issue(
        for account: Account, in session: Session, now: Int64
    ) throws(MintError) -> String {
        let request = TokenRequest(account, session, settings)
        return try mint.mint(request, now: now, randomness: SecureRandom.bytes(16))
    }
}

extension TokenRequest {
    /// No name or address unless the settings ask for it.
    init(_ account: Account, _ session: Session, _ settings: IssuerSettings) {
        var claims: [JSONMember] = [
            .text("sid", session.id.description),
            .number("uv", account.tokenVersion),
            .number("auth_time", session.authenticatedAt),
            // One factor: authenticator assurance level 1 (NIST SP 800-63B-4 § 2.1).
            .text("acr", "aal1"),
            .texts("amr", session.methods),
        ]
        if !account.groups.isEmpty { claims.append(.texts("groups", account.groups)) }
        claims += settings.tokenClaims.map { $0.member(of: account.profile) }
        self.init(
            subject: account.id.description, audience: settings.audience,
            clientID: session.clientID, roles: account.roles, lifetime: settings.accessLifetime,
            extraClaims: claims)
    }
}

extension PersonalClaim {
    fileprivate func member(of profile: Profile) -> JSONMember {
        switch self {
        case .preferredUsername: .text(rawValue, profile.username.text)
        case .email: .text(rawValue, profile.email.text)
        case .emailVerified: JSONMember(name: rawValue, value: .bool(false))
        }
    }
}
