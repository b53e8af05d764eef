package import StrictJSON

/// Somebody whose token is taken for granted.
package struct PolicyPerson: Sendable {
    /// The name in the test file, or on the command line.
    package let name: String
    /// The issuer's name in the policy; nil: the only one, or the first.
    package let issuerName: String?
    package let source: Source

    package enum Source: Sendable {
        /// What the token says, an object.
        case claims(JSONValue)
        /// Roles of the policy, and nothing else is known.
        case roles([String])
    }

    package init(name: String, issuerName: String? = nil, claims: JSONValue) {
        self.name = name
        self.issuerName = issuerName
        source = .claims(claims)
    }

    package init(name: String, roles: [String]) {
        self.name = name
        issuerName = nil
        source = .roles(roles)
    }
}
