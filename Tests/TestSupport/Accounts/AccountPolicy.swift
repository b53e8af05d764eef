/// The policy that the account tests run with: alice looks at `/api`, root at `/admin` too.
package let accountPolicy = """
    version: 1
    hosts: [app.test]
    issuers:
      local: {embedded: true}
      test:
        issuer: "https://issuer.test"
        audience: [app]
        algorithms: [ES256, RS256, EdDSA]
        subject_prefix: "test:"
    claims: {subject: sub, roles: {from: roles}}
    roles: {viewer: {}, admin: {includes: [viewer]}}
    defaults: {identity: {headers: {X-Auth-User: subject, X-Auth-Roles: roles}}}
    routes:
      - {id: public, match: GET /public/**, auth: public}
      - {id: admin, match: ANY /admin/**, allow: {role: admin}}
      - {id: api, match: ANY /api/**, allow: {role: viewer}}

    """

extension GateProcess.Configuration {
    /// The account policy, open registration that gives nobody a role, and an issuer name that
    /// outlives a change of the port.
    package mutating func useAccounts(mode: String = "open", defaultRoles: [String] = []) {
        policy = accountPolicy
        issuerKeys = ["test": TestIssuer.shared.keySet]
        let roles = defaultRoles.joined(separator: ", ")
        lines += [
            "public_url: http://app.test",
            "registration: {mode: \(mode), default_roles: [\(roles)]}",
        ]
    }
}
