import TokenVerification

extension AccountAdministration {
    /// Changes profile, address, flags, groups and permissions.
    package func set(
        _ selector: String, _ changes: AccountChanges
    ) async throws(AdministrationError) -> Account {
        let changes = try valid { () throws(FieldErrors) in try changes.checked() }
        return try await change(selector) { changes.apply(to: &$0) }
    }

    /// Gives a role that the policy declares; nothing happens if the account has it. Sessions go on:
    /// their next access token has it.
    package func grant(
        _ role: String, to selector: String
    ) async throws(AdministrationError) -> Account {
        try checkDeclared(role)
        return try await change(selector) { account in
            account.roles = NameList.sorted(account.roles + [role])
        }
    }

    /// Takes a role away, also one that the policy no longer declares; nothing happens if the account
    /// does not have it. Sessions go on: their next access token does not have it.
    package func revoke(
        _ role: String, from selector: String
    ) async throws(AdministrationError) -> Account {
        try await change(selector) { account in
            account.roles.removeAll { NameList.contains([$0], role) }
        }
    }

    /// Replaces the password and ends all sessions.
    package func setPassword(
        _ selector: String, _ text: String
    ) async throws(AdministrationError) -> Account {
        var checks = FormChecks()
        guard let password = checks.password(text, minimum: settings.minimumPasswordLength) else {
            throw .invalid(checks.errors)
        }
        let id = try await find(selector).id
        let hash = try await hash(password)
        return try await endSessions(of: id, selector, hash, .passwordChanged) { _ in }
    }

    /// Disables an account, which ends all its sessions, or enables it again, which gives none back.
    package func setActive(
        _ selector: String, _ isActive: Bool
    ) async throws(AdministrationError) -> Account {
        guard isActive else {
            let id = try await find(selector).id
            return try await endSessions(of: id, selector, nil, .accountDisabled) {
                $0.isActive = false
            }
        }
        return try await change(selector) { $0.isActive = true }
    }

    /// Changes an account in one transaction. The token version grows if tokens of the account, or
    /// what they stand for, become others.
    private func change(
        _ selector: String, _ edit: @escaping @Sendable (inout Account) -> Void
    ) async throws(AdministrationError) -> Account {
        let id = try await find(selector).id
        let now = clock()
        let size = AccessTokenSize(settings)
        let account = try await stored { () async throws(AccountStoreError) in
            try await store.update(id) { account in
                var edited = account
                edit(&edited)
                // Names that were too many before may stay; they may not become more.
                guard edited != account,
                    size.allows(edited) || edited.nameCount < account.nameCount
                        || edited.hasSameNames(as: account)
                else { return }
                if !edited.hasSameClaims(as: account) { edited.tokenVersion += 1 }
                edited.updatedAt = now
                account = edited
            }
        }
        guard let account else { throw .noSuchAccount(selector) }
        // Done again, an edit that was made changes nothing.
        var edited = account
        edit(&edited)
        guard edited == account else { throw .tooManyNames }
        return account
    }

    private func endSessions(
        of id: AccountID, _ selector: String, _ hash: PasswordHash?, _ reason: RevocationReason,
        _ edit: @escaping @Sendable (inout Account) -> Void
    ) async throws(AdministrationError) -> Account {
        let now = clock()
        let until = settings.deniedUntil(from: now)
        let changed = try await stored { () async throws(AccountStoreError) in
            try await store.updateEndingSessions(
                id, passwordHash: hash, reason: reason, at: now, deniedUntil: until
            ) { account in
                edit(&account)
                account.tokenVersion += 1
                account.updatedAt = now
            }
        }
        guard let changed else { throw .noSuchAccount(selector) }
        if !changed.ended.isEmpty {
            await revocations.deny(
                changed.ended.map { .session(SessionRevocation(session: $0, until: until)) })
        }
        return changed.account
    }
}

extension AccessTokenSize {
    fileprivate func allows(_ account: Account) -> Bool {
        allows(roles: account.roles, groups: account.groups)
    }
}

extension Account {
    fileprivate var nameCount: Int { roles.count + groups.count }

    fileprivate func hasSameNames(as other: Account) -> Bool {
        roles == other.roles && groups == other.groups
    }

    /// Whether tokens issued for the other stand for the same.
    fileprivate func hasSameClaims(as other: Account) -> Bool {
        hasSameNames(as: other) && permissions == other.permissions
            && isActive == other.isActive && isStaff == other.isStaff
            && isSuperuser == other.isSuperuser && profile.email == other.profile.email
    }
}
