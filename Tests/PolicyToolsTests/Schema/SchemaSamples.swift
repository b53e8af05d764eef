import Foundation
import StrictJSON
import StrictYAML
import Testing

@testable import PolicyTools

enum SchemaSamples {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        var testDescription: String { name }
    }

    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func schemaAccepts(
        _ text: String, _ schema: SchemaEvaluator = SchemaEvaluator(PolicySchema.policy)
    ) throws -> Bool {
        try schema.accepts(JSONValue(YAMLReader.read(text, file: "p.yaml")))
    }

    /// A policy with every key that there is.
    static let everything = """
        version: 1
        tests: optional
        hosts: [app.test, "*.app.test"]
        issuers:
          local: {embedded: true, audience: [ostiary], algorithms: [ES256], leeway: 30s}
          corp:
            embedded: false
            issuer: https://id.corp.test
            audience: [dash]
            algorithms: [ES256, RS256]
            require: [exp, sub]
            max_lifetime: 24h
            leeway: 30s
            token_type: at+jwt
            allow_missing_kid: false
            single_audience: true
            subject_prefix: "corp:"
            claims:
              roles: {from: [roles, realm_access.roles], form: list, map: {grp: viewer}, unmapped: drop}
              username: name
        claims:
          subject: {from: sub}
          roles: {from: roles}
          username: {from: preferred_username, default: ""}
          email: {from: email, when_verified: email_verified, default: ""}
          status: {type: string, default: active}
          level: {from: lvl, type: integer, required: true}
          departments: {type: [string], default: []}
        roles:
          viewer: {}
          editor: {includes: [viewer]}
        deny:
          - {id: suspended, when: {claim: {status: suspended}}, message: "Account suspended."}
        defaults:
          auth: required
          timeouts: {connect: 2s, response_header: 60s, idle: 5m}
          limits: {body: 32MiB, headers: 64KiB, header_count: 200, target: 16KiB}
          rate: none
          identity:
            headers: {X-Auth-User: subject, X-Auth-Roles: roles}
            assertion: {header: X-Who, ttl: 30s, claims: [sub, email, roles], bind: [method, host, path]}
            authorization: strip
        routes:
          - {id: assets, match: "GET /assets/*.png", auth: public}
          - id: everything
            match: POST|PUT /x/{user}/{year:int}/**
            host: app.test
            auth: required
            allow:
              all:
                - {role: viewer}
                - {claim: {status: [active, new], level: 3}}
                - {equal: [path.user, claims.subject]}
                - {contains: [claims.departments, path.user]}
                - {in: [client.ip, [10.0.0.0/8]]}
                - {scope: [read, write]}
                - {method: POST}
                - {acr: [gold, silver]}
                - {auth_age: 10m}
                - time: {days: [mon, tue], from: "08:00", to: "18:00", zone: "+01:00", after: "2026-01-31", before: "2027-01-31T08:00:00Z"}
                - {authenticated: true}
                - {anyone: true}
                - {not: {any: [{role: editor}, {equal: [query.page, 3]}]}}
            hide: true
            limits: {body: 8MiB}
            timeouts: {response_header: 10s, idle: 1m}
            rate: [{per: subject, limit: 20/s, burst: 60}, {per: route, limit: 1000/h}]
            cors: {origins: [https://spa.test], methods: [POST], headers: [X-Kind], expose: [ETag], credentials: true, max_age: 10m}
            path: {encoded_slash: keep, encoded_backslash: reject, encoded_percent: keep, encoded_semicolon: keep, encoded_hash: keep, encoded_question: keep}
            query: {page: {type: integer, default: 1}}
            identity: {authorization: forward}
          - id: live
            match: WEBSOCKET /live
            allow: {role: viewer}
            websocket: {origins: same_host, max_age: token, idle: 10m, on_expiry: close}
        upstreams: {app: {profile: dash, slashes: reject, dots: resolve}}
        """

    static let good =
        [
            ("hosts as a text", "hosts: app.test"), ("IPv6", "hosts: [\"[2001:db8::1]\"]"),
            ("tests", "tests: required"), ("no roles", "roles: {}"), ("no deny", "deny: []"),
            ("a claim by its path", "claims: {name: preferred_username}"),
            ("a claim by several", "claims: {name: {from: [a, b.c], default: x}}"),
            ("rules", "defaults: {rate: {per: address, limit: 600/m}}"),
            ("a plain size", "defaults: {limits: {body: 65536}}"),
            ("a size in thousands", "defaults: {limits: {body: 1MB}}"),
            ("a role of digits", "roles: {2024: {}, x: {includes: 2024}}"),
        ].map { policy($0.0, $0.1) }
        + [
            "GET /", "ANY /**", "GET|POST /a/{b}/{c:uuid}/*", "DELETE /a/*.png", "GET /a%20b/",
            "WEBSOCKET /x", "PUT /a/**",
        ].map { route("match \($0)", "match: \"\($0)\", allow: {anyone: true}") }
        + [
            ("any origin", "cors: {origins: \"*\"}"), ("keep", "path: {encoded_slash: keep}"),
            ("a host", "host: [a.test, \"*.b.test\"]"), ("no limit", "rate: none"),
            ("scopes", "allow: {scope: read}"), ("no escapes", "path: {}"),
            ("a list", "allow: {all: [{anyone: true}]}"), ("idle", "timeouts: {idle: 90s}"),
            ("a network", "allow: {in: [client.ip, [10.0.0.0/8, \"::1\"]]}"),
        ].map { route($0.0, "match: GET /x, \($0.1)") }

    static let bad =
        [
            ("version as a text", "version: \"1\"", false), ("version 2", "version: 2", false),
            ("tests", "tests: maybe", true), ("a URL as a host", "hosts: https://app.test", true),
            ("a port", "hosts: \"app.test:80\"", true), ("no host", "hosts: []", true),
            ("roles as a list", "roles: [viewer]", true), ("a comma", "roles: {\"a,b\": {}}", true),
            ("a role's value", "roles: {viewer: admin}", true),
            ("no default", "claims: {name: {from: a}}", true),
            ("a default and required", "claims: {name: {default: a, required: true}}", true),
            ("a name", "claims: {\"a b\": c}", true),
            ("a claim's type", "claims: {x: {type: text, default: a}}", true),
            ("a subject's default", "claims: {subject: {default: a}}", true),
            ("no unit", "defaults: {timeouts: {idle: 90}}", true),
            ("a long unit", "defaults: {timeouts: {idle: 90sec}}", true),
            ("a size", "defaults: {limits: {body: 8mb}}", true),
            ("a count", "defaults: {limits: {header_count: 5}}", true),
            ("authorization", "defaults: {identity: {authorization: app}}", true),
            ("a header", "defaults: {identity: {headers: {\"X User\": subject}}}", true),
            ("a rate", "defaults: {rate: 20/s}", true),
            ("a rate's unit", "defaults: {rate: {per: route, limit: 20/d}}", true),
            ("no rate", "defaults: {rate: {per: route, limit: 0/s}}", true),
            ("a burst", "defaults: {rate: {per: route, limit: 1/s, burst: 0}}", true),
            ("two apps", "upstreams: {a: {}, b: {}}", true), ("no app", "upstreams: {}", true),
            ("a profile", "upstreams: {a: {profile: rails}}", true),
            ("a message", "deny: [{id: a, when: {anyone: true}, message: \"a\\nb\"}]", true),
            ("no condition", "deny: [{id: a}]", true),
            ("an issuer", "issuers: {local: {issuer: a}}", true),
            ("an embedded issuer", "issuers: {local: {embedded: true, issuer: a}}", true),
            ("an algorithm", "issuers: {local: {embedded: true, algorithms: [none]}}", true),
        ].map { $0.2 ? policy($0.0, $0.1) : Sample(name: $0.0, text: "\($0.1)\nroutes: []\n") }
        + [
            "GET", "/x", "GET x", "get /x", "GET  /x", "GET /a//b", "GET /**/b", "GET /{a",
            "GET /{a:float}", "GET /a*b", "GET|| /x", "*  /x", "GET /a b", "GET /a?b", "TRACE /x",
        ].map { route("match \($0)", "match: \"\($0)\", allow: {anyone: true}") }
        + [
            ("a misspelt key", "alow: {anyone: true}"), ("a list", "allow: [{anyone: true}]"),
            ("two conditions", "allow: {role: viewer, anyone: true}"), ("none", "allow: {}"),
            ("no member", "allow: {all: []}"), ("roles", "allow: {roles: [viewer]}"),
            ("anyone not", "allow: {anyone: false}"), ("three", "allow: {equal: [a, b, c]}"),
            ("a day", "allow: {time: {days: [monday]}}"),
            ("25", "allow: {time: {from: \"25:00\"}}"),
            ("a place", "allow: {time: {days: mon, zone: Europe/Berlin}}"),
            ("no time", "allow: {time: {}}"), ("no list", "allow: {in: [client.ip, 10.0.0.0/8]}"),
            ("no age", "allow: {auth_age: 10}"), ("a method", "allow: {method: get}"),
            ("public", "auth: public, allow: {anyone: true}"), ("auth", "auth: none"),
            ("hide", "hide: \"yes\""), ("an origin's path", "cors: {origins: https://a.test/}"),
            ("no origins", "cors: {credentials: true}"), ("null", "cors: {origins: \"null\"}"),
            ("ANY", "cors: {origins: https://a.test, methods: [ANY]}"),
            ("an escape", "path: {encoded_dot: keep}"), ("keep", "path: {encoded_slash: true}"),
            ("a type", "query: {a: {type: date}}"), ("no type", "query: {a: {default: b}}"),
            ("no parameter", "query: {}"), ("headers", "limits: {headers: 8KiB}"),
            ("connect", "timeouts: {connect: 1s}"), ("no rule", "rate: []"),
            ("a rule", "rate: {per: user, limit: 1/s}"), ("a half rule", "rate: {per: subject}"),
        ].map { route($0.0, "match: GET /x, \($0.1)") }

    private static func policy(_ name: String, _ line: String) -> Sample {
        let issuers = line.hasPrefix("issuers") ? "" : "issuers: {local: {embedded: true}}\n"
        return Sample(
            name: "\(name): \(line)", text: "version: 1\n\(issuers)\(line)\nroutes: []\n")
    }

    private static func route(_ name: String, _ rest: String) -> Sample {
        Sample(
            name: "\(name): \(rest)",
            text: """
                version: 1
                issuers: {local: {embedded: true}}
                roles: {viewer: {}}
                routes:
                  - {id: a, \(rest)}

                """)
    }
}
