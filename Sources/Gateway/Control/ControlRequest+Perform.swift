import Cryptography
import StrictYAML
package import TokenIssuing

extension ControlRequest {
    /// Does what is asked, in the server as well as on the store itself.
    package func perform(with administration: AccountAdministration) async -> ControlAnswer {
        do throws(AdministrationError) {
            return try await answer(administration)
        } catch {
            return .failure(ControlFailure(error))
        }
    }

    private func answer(
        _ administration: AccountAdministration
    ) async throws(AdministrationError) -> ControlAnswer {
        switch self {
        case .create(let form):
            return .account(AccountRecord(try await administration.create(form)), changed: true)
        case .list(let after, let limit):
            return .accounts(
                try await administration.list(after: after, limit: limit).map(AccountRecord.init))
        case .show(let account):
            return .account(AccountRecord(try await administration.find(account)), changed: false)
        case .set(let account, let changes):
            return try await comparing(account, administration) {
                id throws(AdministrationError) in try await administration.set(id, changes)
            }
        case .setPassword(let account, let password):
            let changed = try await administration.setPassword(account, password)
            return .account(AccountRecord(changed), changed: true)
        case .setActive(let account, let isActive):
            return try await comparing(account, administration) {
                id throws(AdministrationError) in try await administration.setActive(id, isActive)
            }
        case .grant(let role, let account):
            return try await comparing(account, administration) {
                id throws(AdministrationError) in try await administration.grant(role, to: id)
            }
        case .revoke(let role, let account):
            return try await comparing(account, administration) {
                id throws(AdministrationError) in try await administration.revoke(role, from: id)
            }
        }
    }

    /// Says whether `change` made a difference.
    private func comparing(
        _ selector: String, _ administration: AccountAdministration,
        _ change: (String) async throws(AdministrationError) -> Account
    ) async throws(AdministrationError) -> ControlAnswer {
        // By its ID from here on: a change of the name must not lead to another account.
        let before = try await administration.find(selector)
        let after = try await change(before.id.description)
        return .account(
            AccountRecord(after),
            changed: after.tokenVersion != before.tokenVersion || after.profile != before.profile)
    }
}

extension ControlFailure {
    init(_ error: AdministrationError) {
        code = error.code
        if case .unknownRole(let role, let declared) = error,
            let advice = didYouMean(role, in: declared)
        {
            message = "the policy declares no role `\(role)`; \(advice)"
        } else {
            message = error.description
        }
    }
}
