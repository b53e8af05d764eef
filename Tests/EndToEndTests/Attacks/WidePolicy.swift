import TestSupport

/// A policy with everything that the attacks on the policy language aim at: a broad route beside strict
/// ones, kept escapes, rates, other origins, hidden and optional routes.
///
/// The rules of the attack fixture's own routes hold here too.
let widePolicy = """
    version: 1
    hosts: [app.test]
    issuers:
      test:
        {issuer: "https://issuer.test", audience: [app], algorithms: [ES256, RS256, EdDSA]}
    claims:
      subject: sub
      roles: {from: roles}
      email: {from: email, when_verified: email_verified, default: ""}
      status: {type: string, default: active}
    roles: {viewer: {}, admin: {includes: [viewer]}}
    deny:
      - {id: suspended, when: {claim: {status: suspended}}, message: "Account \\"suspended\\"."}
    defaults: {identity: {headers: {X-Auth-User: subject, X-Auth-Roles: roles}}}
    routes:
      - {id: public, match: GET /public/**, auth: public}
      - {id: wide, match: ANY /**, allow: {role: viewer}}
      - {id: admin, match: ANY /admin/**, allow: {role: admin}}
      - {id: secret, match: ANY /secret/**, allow: {role: admin}, hide: true}
      - id: user-space
        match: "GET /users/{user}/**"
        path: {encoded_slash: keep}
        allow: {any: [{equal: [path.user, claims.subject]}, {role: admin}]}
      - {id: embed, match: GET /embed/**, auth: optional, allow: {anyone: true}}
      - {id: mail, match: GET /mail/**, allow: {claim: {email: root@corp.test}}}
      - id: limited
        match: ANY /limited/**
        allow: {role: viewer}
        rate: {per: subject, limit: 1/h, burst: 3}
      - id: per-address
        match: ANY /per-address/**
        allow: {role: viewer}
        rate: {per: address, limit: 1/h, burst: 4}
      - id: spa
        match: GET /spa/**
        allow: {role: viewer}
        cors: {origins: [https://spa.test], credentials: true, headers: [authorization]}
      - {id: passed-on, match: GET /passed-on/**, allow: {role: viewer}, identity: {authorization: forward}}
      - {id: slow, match: GET /slow/**, allow: {role: viewer}, timeouts: {response_header: 300ms}}
      - {id: small, match: POST /small/**, allow: {role: viewer}, limits: {body: 16}}
      - {id: sized, match: GET /sized/**, allow: {role: viewer}, query: {n: {type: integer}}}
      - {id: inside, match: GET /inside/**, allow: {all: [{role: viewer}, {in: [client.ip, [192.0.2.0/24]]}]}}
      - {id: feed, match: WEBSOCKET /feed, allow: {role: viewer}}

    """
