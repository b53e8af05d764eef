package import TokenVerification

/// One sign-in and what has become of it: a single row, however often its token is refreshed. Times
/// are Unix seconds.
package struct Session: Sendable, Equatable {
    package let id: SessionID
    package let account: AccountID
    /// The OAuth client that the refresh token is for.
    package let clientID: String
    /// How often the refresh token has been replaced.
    package var generation: UInt32
    /// SHA-256 of the secret in the refresh token of this generation.
    package var currentHash: [UInt8]
    /// The same of the generation before; nil in generation 0.
    package var previousHash: [UInt8]?
    /// 16 random bytes, from which and from the parent's secret the present secret was derived; nil in
    /// generation 0.
    package var rotationSalt: [UInt8]?
    /// When this generation began.
    package var rotatedAt: Int64
    package let createdAt: Int64
    /// When the password was given: the `auth_time` claim.
    package let authenticatedAt: Int64
    /// From here on it cannot be refreshed, unless a refresh moves it.
    package var idleUntil: Int64
    /// From here on it cannot be refreshed.
    package let notAfter: Int64
    /// The account's token version when the session began.
    package let tokenVersionAtIssue: Int64
    /// Authentication methods (RFC 8176), for example `pwd`.
    package let methods: [String]
    /// Who signed in, for the list of one's own sessions; empty when unknown.
    package let address: String
    package let userAgent: String
    package var revokedAt: Int64?
    package var revocationReason: RevocationReason?
    /// How often this generation was answered again to its parent's bearer.
    package var replays: Int

    package init(
        id: SessionID, account: AccountID, clientID: String, currentHash: [UInt8],
        createdAt: Int64, idleUntil: Int64, notAfter: Int64, tokenVersionAtIssue: Int64,
        methods: [String], address: String, userAgent: String, generation: UInt32 = 0,
        previousHash: [UInt8]? = nil, rotationSalt: [UInt8]? = nil, rotatedAt: Int64? = nil,
        authenticatedAt: Int64? = nil, revokedAt: Int64? = nil,
        revocationReason: RevocationReason? = nil, replays: Int = 0
    ) {
        self.id = id
        self.account = account
        self.clientID = clientID
        self.generation = generation
        self.currentHash = currentHash
        self.previousHash = previousHash
        self.rotationSalt = rotationSalt
        self.rotatedAt = rotatedAt ?? createdAt
        self.createdAt = createdAt
        self.authenticatedAt = authenticatedAt ?? createdAt
        self.idleUntil = idleUntil
        self.notAfter = notAfter
        self.tokenVersionAtIssue = tokenVersionAtIssue
        self.methods = methods
        self.address = address
        self.userAgent = userAgent
        self.revokedAt = revokedAt
        self.revocationReason = revocationReason
        self.replays = replays
    }
}

/// One step of a session from `generation` to the next.
package struct SessionRotation: Sendable {
    package let session: SessionID
    /// What the session must still be at.
    package let generation: UInt32
    package let currentHash: [UInt8]
    package let nextHash: [UInt8]
    package let salt: [UInt8]
    package let idleUntil: Int64
    package let now: Int64

    package init(
        session: SessionID, generation: UInt32, currentHash: [UInt8], nextHash: [UInt8],
        salt: [UInt8], idleUntil: Int64, now: Int64
    ) {
        self.session = session
        self.generation = generation
        self.currentHash = currentHash
        self.nextHash = nextHash
        self.salt = salt
        self.idleUntil = idleUntil
        self.now = now
    }
}

/// Neither hashes nor the salt are shown.
extension Session: Opaque, CustomStringConvertible {
    package var description: String { "session \(id), generation \(generation)" }
}

extension SessionRotation: Redacted {}
