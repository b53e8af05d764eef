/// The policy that the attack cases are written against.
package let attackPolicy = """
    version: 1
    hosts: [app.test]
    issuers:
      test: {issuer: "https://issuer.test", audience: [app], algorithms: [ES256, RS256, EdDSA]}
    claims: {subject: sub, roles: {from: roles}}
    roles: {viewer: {}, admin: {includes: [viewer]}}
    defaults: {identity: {headers: {X-Auth-User: subject, X-Auth-Roles: roles}}}
    routes:
      - {id: public, match: GET /public/**, auth: public}
      - {id: admin, match: ANY /admin/**, allow: {role: admin}}
      - id: user-space
        match: "GET /users/{user}/**"
        allow: {any: [{equal: [path.user, claims.subject]}, {role: admin}]}
      - {id: status, match: GET /api/status, auth: public}
      - {id: api, match: ANY /api/**, allow: {role: viewer}}

    """
