import AccessPolicy
import PolicyTools
import StrictYAML
import Testing

/// A policy with one of each kind of route.
enum SamplePolicy {
    static let text = """
        version: 1
        hosts: [app.test, other.test]
        issuers:
          local: {embedded: true}
        claims:
          subject: sub
          roles: roles
          groups: {type: "[string]", default: []}
          status: {from: acr, default: active}
        roles:
          viewer: {}
          editor: {includes: [viewer]}
          admin: {includes: [editor]}
        deny:
          - {id: suspended, when: {claim: {status: suspended}}, message: Account suspended.}
        defaults:
          auth: required
          identity: {headers: {X-Auth-User: subject, X-Auth-Roles: roles}}
        routes:
          - {id: assets, match: GET /assets/**, auth: public}
          - {id: ui, match: GET /**, allow: {role: viewer}}
          - {id: items, match: POST|PUT /api/items, allow: {role: editor}}
          - id: user-space
            match: ANY /users/{user}/**
            allow: {any: [{equal: [path.user, claims.subject]}, {role: admin}]}
          - id: report
            match: GET /reports/{year:int}/{team}
            allow:
              all:
                - {role: viewer}
                - any: [{contains: [claims.groups, path.team]}, {in: [client.ip, [10.0.0.0/8]]}]
          - {id: embed, match: "GET /embed/{token}", auth: optional, allow: {anyone: true}}
          - {id: secret, match: GET /secret, hide: true, allow: {role: admin}}
          - {id: only-other, match: GET /other, host: other.test, allow: {role: viewer}}
          - id: page
            match: GET /page
            query: {full: {type: boolean, default: false}}
            allow: {any: [{equal: [query.full, false]}, {role: editor}]}
        """

    static func load() throws -> PolicySet { try PolicySet.load(text, file: "p.yaml") }

    static let people = """
        as:
          alice: {sub: alice, roles: [viewer], groups: [ops]}
          root: {sub: root, roles: [admin]}
          mallory: {sub: mallory, roles: [viewer], acr: suspended}

        """
}
