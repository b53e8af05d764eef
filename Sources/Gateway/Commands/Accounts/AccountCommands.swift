import StrictYAML
package import TokenIssuing

/// `ostiary user` and `ostiary role`: what each does and says.
package struct AccountCommands {
    private var accounts: AccountAccess

    /// Throws when configuration or policy are wrong, or the policy knows no accounts.
    package init(_ sources: ConfigurationSources) throws(CommandFailure) {
        accounts = try AccountAccess(sources)
    }

    /// Ends what it has opened.
    package mutating func close() { accounts.close() }

    /// `form` without its password, which `password` gives once everything else has been looked at.
    /// Returns lines for standard output.
    package mutating func create(
        _ form: AccountForm, password: NewPassword
    ) async throws(CommandFailure) -> [String] {
        let (account, shown) = try await make(form, password)
        let name = Printable.text(account.username)
        let roles = account.roles.map { "`\($0)`" }.joined(separator: ", ")
        return [
            account.roles.isEmpty
                ? "created `\(name)`; it has no role yet: give it one with "
                    + "`ostiary role grant ROLE \(name)`"
                : "created `\(name)` with the role \(roles)"
        ] + shown
    }

    /// An account with both of Django's flags and, if the policy declares it, the role `role`, or
    /// `admin` for nil.
    package mutating func createSuperuser(
        _ form: AccountForm, role: String?, password: NewPassword
    ) async throws(CommandFailure) -> [String] {
        var form = form
        form.isStaff = true
        form.isSuperuser = true
        let wanted = role ?? Self.usualRole
        let isDeclared = NameList.contains(accounts.declaredRoles, wanted)
        // A role that was asked for by name is not left out, but refused if it is not declared.
        if isDeclared || role != nil { form.roles = [wanted] }
        let (account, shown) = try await make(form, password)
        let name = Printable.text(account.username)
        guard let given = account.roles.first else {
            return [
                "created the superuser `\(name)` without a role, because the policy "
                    + "\(accounts.policy.name) declares no `\(wanted)`: give it one with "
                    + "`ostiary role grant ROLE \(name)`"
            ] + shown
        }
        return ["created the superuser `\(name)` with the role `\(given)`"] + shown
    }

    package mutating func list(asJSON: Bool) async throws(CommandFailure) -> [String] {
        var all: [AccountRecord] = []
        while true {
            let answer = try await accounts.perform(
                .list(after: all.last?.username, limit: ControlRequest.longestPage))
            guard case .accounts(let page) = answer else { throw Self.unexpected }
            all += page
            if page.count < ControlRequest.longestPage { break }
        }
        return asJSON ? AccountReport.json(all) : AccountReport.table(all)
    }

    package mutating func show(
        _ account: String, asJSON: Bool
    ) async throws(CommandFailure) -> [String] {
        let (record, _) = try await perform(.show(account: account))
        return asJSON ? AccountReport.json(record) : AccountReport.lines(record)
    }

    package mutating func set(
        _ account: String, _ changes: AccountChanges
    ) async throws(CommandFailure) -> String {
        let (record, changed) = try await perform(.set(account: account, changes))
        let name = Printable.text(record.username)
        return changed ? "changed `\(name)`" : "nothing to change: `\(name)` is like that already"
    }

    package mutating func setPassword(
        of account: String, _ password: NewPassword
    ) async throws(CommandFailure) -> [String] {
        // A slip in the name is told before anybody has typed a password twice.
        let (found, _) = try await perform(.show(account: account))
        accounts.close()
        let text = try password.read(
            for: found.username, minimum: accounts.minimumPasswordLength)
        let (record, _) = try await perform(.setPassword(account: found.id, text))
        let name = Printable.text(record.username)
        return ["changed the password of `\(name)`; its sessions have ended"]
            + Self.shown(text, password)
    }

    package mutating func setActive(
        _ account: String, _ isActive: Bool
    ) async throws(CommandFailure) -> String {
        let (record, changed) = try await perform(.setActive(account: account, isActive))
        let name = Printable.text(record.username)
        guard isActive else {
            return "disabled `\(name)`; its sessions have ended, and it cannot sign in"
        }
        return changed
            ? "enabled `\(name)`; it can sign in again" : "`\(name)` is enabled already"
    }

    package mutating func grant(
        _ role: String, to account: String
    ) async throws(CommandFailure) -> String {
        let (record, changed) = try await perform(.grant(role: role, account: account))
        let name = Printable.text(record.username)
        return changed
            ? "granted `\(role)` to `\(name)`; it counts from the next token on"
            : "`\(name)` has the role `\(role)` already"
    }

    package mutating func revoke(
        _ role: String, from account: String
    ) async throws(CommandFailure) -> String {
        let (record, changed) = try await perform(.revoke(role: role, account: account))
        let name = Printable.text(record.username)
        guard !changed else {
            return "revoked `\(role)` from `\(name)`; it is gone from the next token on"
        }
        guard NameList.contains(accounts.declaredRoles, role) else {
            let advice = didYouMean(role, in: record.roles).map { "; \($0)" } ?? ""
            throw CommandFailure(
                "`\(name)` does not have the role `\(Printable.text(role))`, which the policy "
                    + "\(accounts.policy.name) does not declare either\(advice)")
        }
        return "`\(name)` does not have the role `\(role)`"
    }

    /// The roles that can be granted, as far as the configuration named here tells.
    package var roles: [String] { accounts.declaredRoles }

    private mutating func make(
        _ form: AccountForm, _ password: NewPassword
    ) async throws(CommandFailure) -> (AccountRecord, shown: [String]) {
        var form = form
        for role in form.roles { try checkDeclared(role) }
        let text = try password.read(
            for: form.username ?? "", minimum: accounts.minimumPasswordLength)
        form.password = text
        return (try await perform(.create(form)).account, Self.shown(text, password))
    }

    /// What the accounts refuse as well, before anybody is asked for a password.
    private func checkDeclared(_ role: String) throws(CommandFailure) {
        let declared = accounts.declaredRoles
        guard !NameList.contains(declared, role) else { return }
        let advice = didYouMean(role, in: declared).map { "; \($0)" } ?? ""
        throw CommandFailure(
            "the policy \(accounts.policy.name) declares no role "
                + "`\(Printable.text(role))`\(advice)")
    }

    private static func shown(_ text: String, _ password: NewPassword) -> [String] {
        password == .generated ? ["password: \(text)"] : []
    }

    private mutating func perform(
        _ request: ControlRequest
    ) async throws(CommandFailure) -> (account: AccountRecord, changed: Bool) {
        guard case .account(let account, let changed) = try await accounts.perform(request) else {
            throw Self.unexpected
        }
        return (account, changed)
    }

    private static let unexpected = CommandFailure(
        "the server answered something else than was asked; let it and the command be of the same "
            + "version")
    private static let usualRole = "admin"
}
