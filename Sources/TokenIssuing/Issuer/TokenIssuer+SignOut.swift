package import TokenVerification

extension TokenIssuer {
    /// Ends sessions of an account. When it returns, their refresh and access tokens are refused.
    /// `session` and `account` are who asks, both from the same verified access token.
    package func signOut(
        _ scope: SignOutScope, session: SessionID, account: AccountID
    ) async throws(IssuerError) {
        let selection: SessionSelection =
            switch scope {
            case .here: .one(session)
            case .others: .allBut(session, account)
            case .everywhere: .all(account)
            }
        let now = clock()
        let until = settings.deniedUntil(from: now)
        let ended = try await stored { () async throws(AccountStoreError) in
            try await store.revoke(selection, reason: .signedOut, at: now, deniedUntil: until)
        }
        var denied = ended
        // It may have been ended a moment ago by a call that has yet to publish it.
        if scope != .others, !ended.contains(session) { denied.append(session) }
        await deny(denied, until: until)
    }
}
