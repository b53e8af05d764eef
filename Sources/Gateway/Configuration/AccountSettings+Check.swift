import StrictYAML
import TokenIssuing

extension AccountSettings {
    /// Checks the settings and the rules between them; nil when something went to the sink.
    init?(_ settings: SettingsReader) {
        let registration = settings.value(Settings.registrationMode)
        let roles = settings.list(Settings.registrationDefaultRoles)?.map(\.text)
        let minimum = settings.value(Settings.passwordMinimum)
        let access = settings.seconds(Settings.sessionAccessToken)
        let idle = settings.seconds(Settings.sessionIdle)
        let lifetime = settings.seconds(Settings.sessionLifetime)
        let claims = settings.list(Settings.sessionTokenClaims)
        guard let registration, let roles, let minimum, let access, let idle, let lifetime,
            let claims
        else { return nil }
        if let twice = roles.enumerated().first(where: { roles[..<$0].contains($1) })?.element {
            settings.report(
                Settings.registrationDefaultRoles, "must not name the role `\(twice)` twice")
            return nil
        }
        if let twice = claims.enumerated().first(where: { claims[..<$0].contains($1) })?.element {
            settings.report(
                Settings.sessionTokenClaims, "must not name the claim `\(twice.rawValue)` twice")
            return nil
        }
        // Who shortens only a session must not be told to shorten what is nowhere to be seen.
        let shortIdle = settings.isSet(Settings.sessionIdle) ? idle : min(idle, lifetime)
        let shortAccess =
            settings.isSet(Settings.sessionAccessToken) ? access : min(access, shortIdle)
        guard
            settings.requireOrder(
                Settings.sessionIdle, shortIdle, atMost: Settings.sessionLifetime, lifetime,
                "because no session lives longer"),
            settings.requireOrder(
                Settings.sessionAccessToken, shortAccess, atMost: Settings.sessionIdle, shortIdle,
                "because a session must live to see its token refreshed")
        else { return nil }
        self.init(
            registration: registration, defaultRoles: roles,
            defaultRolesOrigin: settings.origin(Settings.registrationDefaultRoles),
            minimumPasswordLength: minimum, accessLifetime: shortAccess, sessionIdle: shortIdle,
            sessionLifetime: lifetime, tokenClaims: claims,
            accessLifetimeOrigin: settings.origin(Settings.sessionAccessToken))
    }
}

/// A role's name as a policy would declare it; whether one does is checked with the policy.
struct RoleName: SettingValue {
    let text: String

    static let typeName = "role"

    init(setting text: String) throws(SettingProblem) {
        // A policy knows more of its roles' names; it is asked when it is loaded.
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw SettingProblem(message: "must be the name of a role, not `\(text)`")
        }
        self.text = text
    }
}

extension SettingsReader {
    fileprivate func isSet<Value>(_ setting: Setting<Value>) -> Bool {
        raw.value(setting.description.path.dotted()) != nil
    }

    fileprivate func origin<Value>(_ setting: Setting<Value>) -> SettingOrigin {
        raw.value(setting.description.path.dotted())?.origin ?? .standard
    }

    /// A length of time in seconds; times in tokens have no smaller unit.
    fileprivate func seconds(_ setting: Setting<Duration>) -> Int64? {
        guard let parts = value(setting)?.components else { return nil }
        guard parts.attoseconds == 0 else {
            report(setting, "must be a whole number of seconds")
            return nil
        }
        return parts.seconds
    }

    private func report(
        _ setting: Setting<Duration>, notAbove other: Setting<Duration>, _ most: Int64,
        _ reason: String
    ) {
        report(
            setting,
            "must not be longer than `\(other.description.path.dotted())`, which is "
                + "`\(Quantity.describe(.seconds(most)))`, \(reason)")
    }

    fileprivate func requireOrder(
        _ setting: Setting<Duration>, _ value: Int64, atMost other: Setting<Duration>,
        _ most: Int64, _ reason: String
    ) -> Bool {
        guard value > most else { return true }
        report(setting, notAbove: other, most, reason)
        return false
    }
}
