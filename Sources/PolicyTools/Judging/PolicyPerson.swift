package import StrictJSON

/// Somebody whose token is taken for granted: what a verified token of the issuer says.
package struct PolicyPerson: Sendable {
    /// The name in the test file, or on the command line.
    package let name: String
    /// The issuer's name in the policy; nil: the only one, or the first.
    package let issuerName: String?
    /// The token's claims, an object.
    package let claims: JSONValue

    package init(name: String, issuerName: String? = nil, claims: JSONValue) {
        self.name = name
        self.issuerName = issuerName
        self.claims = claims
    }
}
