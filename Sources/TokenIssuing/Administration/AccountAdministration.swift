import Cryptography
import TextFolding
import TokenVerification

/// What an administrator does with accounts at the command line: in the server, or on the store
/// directly while none runs. Accounts are named by ID, e-mail address or user name.
package struct AccountAdministration: Sendable, Opaque {
    let settings: IssuerSettings
    let store: any AccountStore
    let passwords: PasswordHashingPool
    let revocations: any RevocationPublishing
    private let roles: DeclaredRoles
    let clock: @Sendable () -> Int64

    /// `declaredRoles` are those of the policy: no other can be given. `clock` gives Unix seconds.
    package init(
        settings: IssuerSettings, store: any AccountStore, passwords: PasswordHashingPool,
        revocations: any RevocationPublishing, declaredRoles: DeclaredRoles,
        clock: @escaping @Sendable () -> Int64
    ) {
        self.settings = settings
        self.store = store
        self.passwords = passwords
        self.revocations = revocations
        roles = declaredRoles
        self.clock = clock
    }

    var declaredRoles: [String] { roles.names }

    /// Makes an account, whatever the registration mode; it gets no default roles.
    package func create(_ form: AccountForm) async throws(AdministrationError) -> Account {
        let (profile, password) = try valid { () throws(FieldErrors) in
            try form.checked(minimumPasswordLength: settings.minimumPasswordLength)
        }
        for role in form.roles { try checkDeclared(role) }
        let roles = NameList.sorted(form.roles)
        let groups = NameList.sorted(form.groups)
        guard AccessTokenSize(settings).allows(roles: roles, groups: groups) else {
            throw .tooManyNames
        }
        let hash = try await hash(password)
        let now = clock()
        let account = Account(
            id: .random(), profile: profile, isActive: form.isActive, isStaff: form.isStaff,
            isSuperuser: form.isSuperuser, groups: groups,
            permissions: NameList.sorted(form.permissions), roles: roles, createdAt: now,
            updatedAt: now)
        try await stored { () async throws(AccountStoreError) in
            try await store.insert(account, passwordHash: hash)
        }
        return account
    }

    /// Accounts in order of their folded user names: at most `limit` behind the user name `after`.
    package func list(
        after name: String?, limit: Int
    ) async throws(AdministrationError) -> [Account] {
        let after = name.map { Username(stored: $0, folded: CaseFolding.fold($0)) }
        return try await stored { () async throws(AccountStoreError) in
            try await store.accounts(after: after, limit: limit)
        }
    }

    /// The account that has this ID; else, with an `@` in it, this e-mail address; else this user name.
    package func find(_ selector: String) async throws(AdministrationError) -> Account {
        let account = try await stored { () async throws(AccountStoreError) in
            if let id = AccountID(selector), let account = try await store.account(id) {
                return Account?.some(account)
            }
            return try await store.account(named: SignInName(selector))?.account
        }
        guard let account else { throw .noSuchAccount(selector) }
        return account
    }

    func checkDeclared(_ role: String) throws(AdministrationError) {
        guard NameList.contains(declaredRoles, role) else {
            throw .unknownRole(role, declared: declaredRoles)
        }
    }

    func hash(_ password: Password) async throws(AdministrationError) -> PasswordHash {
        do throws(HashingRejection) {
            return try await passwords.hash(password)
        } catch {
            throw AdministrationError(error)
        }
    }

    func stored<Value>(
        _ work: () async throws(AccountStoreError) -> Value
    ) async throws(AdministrationError) -> Value {
        do throws(AccountStoreError) {
            return try await work()
        } catch {
            throw AdministrationError(error)
        }
    }

    func valid<Value>(
        _ check: () throws(FieldErrors) -> Value
    ) throws(AdministrationError) -> Value {
        do throws(FieldErrors) {
            return try check()
        } catch {
            throw .invalid(error.all)
        }
    }
}
