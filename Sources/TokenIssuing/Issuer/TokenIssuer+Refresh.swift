import Cryptography
import TokenVerification

extension TokenIssuer {
    /// Exchanges a refresh token for its successor and a new access token (RFC 6749 § 6).
    ///
    /// However many requests present the same token, whatever becomes of their answers, and whichever
    /// of them moves the session on: all get the same successor, or none. `clientID` is the parameter
    /// `client_id`, if there was one.
    package func refresh(
        _ refreshToken: String, clientID: String?
    ) async throws(IssuerError) -> IssuedTokens {
        guard let token = RefreshToken(refreshToken, keys: refreshKeys) else {
            throw .invalidGrant
        }
        let now = clock()
        // Each round but the last ends because somebody else moved the session on meanwhile.
        for _ in 0..<Self.mostRounds {
            guard let (session, account) = try await session(of: token) else {
                throw .invalidGrant
            }
            guard clientID == nil || clientID == session.clientID else { throw .invalidGrant }
            let decision = RotationRule.decide(
                generation: token.generation, hash: token.hash, session: session,
                isAccountActive: account.isActive, now: now)
            switch decision {
            case .refuse:
                throw .invalidGrant
            case .endReused:
                try await endReused(session.id, now: now)
                throw .invalidGrant
            case .rotate:
                if let issued = try await rotate(token, session, now: now) { return issued }
            case .repeatAnswer(isCounted: true):
                guard let count = try await countReplay(token, session) else { continue }
                guard count <= RotationRule.mostReplays else {
                    try await endReused(session.id, now: now)
                    throw .invalidGrant
                }
                return try repeatAnswer(token, session, account, now: now)
            case .repeatAnswer(isCounted: false):
                return try repeatAnswer(token, session, account, now: now)
            }
        }
        throw .storeUnavailable(.busy)
    }

    private func session(
        of token: RefreshToken
    ) async throws(IssuerError) -> (session: Session, account: Account)? {
        try await stored { () async throws(AccountStoreError) in
            try await store.session(token.session)
        }
    }

    /// - Returns: nil when the session was moved or ended meanwhile.
    private func rotate(
        _ token: RefreshToken, _ session: Session, now: Int64
    ) async throws(IssuerError) -> IssuedTokens? {
        let salt = SecureRandom.bytes(16)
        let child = token.successor(salt: salt, refreshKeys)
        let rotation = SessionRotation(
            session: session.id, generation: token.generation, currentHash: token.hash,
            nextHash: child.hash, salt: salt,
            idleUntil: min(now + settings.sessionIdle, session.notAfter), now: now)
        let moved = try await stored { () async throws(AccountStoreError) in
            try await store.rotate(rotation)
        }
        guard let moved, moved.rotated else { return nil }
        return try tokens(child, for: moved.account, in: moved.session, now: now)
    }

    private func countReplay(
        _ token: RefreshToken, _ session: Session
    ) async throws(IssuerError) -> Int? {
        try await stored { () async throws(AccountStoreError) in
            try await store.countReplay(of: session.id, generation: session.generation)
        }
    }

    private func repeatAnswer(
        _ token: RefreshToken, _ session: Session, _ account: Account, now: Int64
    ) throws(IssuerError) -> IssuedTokens {
        guard let salt = session.rotationSalt else { throw .invalidGrant }
        let child = token.successor(salt: salt, refreshKeys)
        // Never a token that the session does not stand at.
        guard child.hash == session.currentHash else { throw .invalidGrant }
        return try tokens(child, for: account, in: session, now: now)
    }

    /// Two parties hold tokens of the session, and nobody can tell which of them is the thief.
    private func endReused(_ session: SessionID, now: Int64) async throws(IssuerError) {
        let until = settings.deniedUntil(from: now)
        let ended = try await stored { () async throws(AccountStoreError) in
            try await store.revoke(
                .one(session), reason: .refreshTokenReused, at: now, deniedUntil: until)
        }
        await deny(ended, until: until)
    }

    private static let mostRounds = 4
}
