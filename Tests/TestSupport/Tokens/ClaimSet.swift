import Glibc

/// The claims of a token as JSON text, member by member, so that a test can write any nonsense.
package struct ClaimSet: Sendable {
    private var members: [(name: String, json: String)]

    /// What a correct token for the attack policy says.
    package init(subject: String, roles: [String], now: Int = unixTime()) {
        let list = roles.map { "\"\($0)\"" }.joined(separator: ",")
        members = [
            ("iss", "\"https://issuer.test\""), ("sub", "\"\(subject)\""), ("aud", "\"app\""),
            ("client_id", "\"tests\""), ("iat", "\(now - 5)"), ("exp", "\(now + 3_600)"),
            ("jti", "\"\(UInt64.random(in: 0 ... .max))\""), ("roles", "[\(list)]"),
        ]
    }

    /// The same claims with this one changed or added; the value is JSON text.
    package func setting(_ name: String, _ json: String) -> ClaimSet {
        var copy = self
        if let index = members.firstIndex(where: { $0.name == name }) {
            copy.members[index].json = json
        } else {
            copy.members.append((name, json))
        }
        return copy
    }

    package func removing(_ name: String) -> ClaimSet {
        var copy = self
        copy.members.removeAll { $0.name == name }
        return copy
    }

    /// The same claims with another member, even when there is one of this name.
    package func adding(_ name: String, _ json: String) -> ClaimSet {
        var copy = self
        copy.members.append((name, json))
        return copy
    }

    package var json: String {
        "{" + members.map { "\"\($0.name)\":\($0.json)" }.joined(separator: ",") + "}"
    }
}

/// Seconds since 1970.
package func unixTime() -> Int { time(nil) }
