import AccessPolicy
import StrictYAML
import Testing

/// What people get wrong most, and every word of what they are told.
@Suite struct MistakeTests {
    @Test("a mistake is shown in its line, with what to write instead", arguments: mistakes)
    func transcript(mistake: Mistake) {
        do throws(Diagnostics) {
            _ = try PolicySet.load(mistake.policy, file: "policy.yaml")
            Issue.record("nothing was reported")
        } catch {
            #expect(error.rendered.joined(separator: "\n") == mistake.report)
        }
    }
}

struct Mistake: CustomTestStringConvertible {
    let name: String
    let policy: String
    let report: String

    init(_ name: String, _ policy: String, _ report: String) {
        self.name = name
        self.policy = policy
        self.report = report
    }

    var testDescription: String { name }
}

/// What most of the files begin with.
private let head = """
    version: 1
    issuers: {local: {embedded: true}}
    roles: {viewer: {}, admin: {includes: [viewer]}}

    """

private let mistakes: [Mistake] = [
    Mistake(
        "an unknown role",
        head + """
            routes:
              - id: admin
                match: ANY /admin/**
                allow: {role: admn}
            """,
        """
        policy.yaml:7:19: role `admn` is not declared
          |
        7 |     allow: {role: admn}
          |                   ^
          = did you mean `admin`?
        """),
    Mistake(
        "roles as a text",
        """
        version: 1
        issuers: {local: {embedded: true}}
        roles: viewer
        routes:
          - {id: home, match: GET /, auth: public}
        """,
        """
        policy.yaml:3:8: `roles` must be a mapping of names, not a single value
          |
        3 | roles: viewer
          |        ^
          = write `roles: {viewer: {}}`
        """),
    Mistake(
        "roles as a list",
        """
        version: 1
        roles: [viewer, admin]
        routes:
          - {id: home, match: GET /, auth: public}
        """,
        """
        policy.yaml:2:8: `roles` must be a mapping of names, not a list
          |
        2 | roles: [viewer, admin]
          |        ^
          = write `roles: {viewer: {}, admin: {}}`
        """),
    Mistake(
        "a role that says nothing",
        """
        version: 1
        roles:
          viewer:
          admin: {}
        routes: []
        """,
        """
        policy.yaml:3:10: `roles.viewer` has no value
          |
        3 |   viewer:
          |          ^
          = write `viewer: {}` for a role that includes no other
        """),
    Mistake(
        "no version",
        """
        issuers: {local: {embedded: true}}
        routes: []
        """,
        """
        policy.yaml:1:1: missing key `version`
          |
        1 | issuers: {local: {embedded: true}}
          | ^
          = write `version: 1`
        """),
    Mistake(
        "a version as a text",
        """
        version: "1"
        routes: []
        """,
        """
        policy.yaml:1:10: `version` must be a whole number, not `"1"`
          |
        1 | version: "1"
          |          ^
          = remove the quotes
        """),
    Mistake(
        "a condition that is a bare word",
        head + """
            routes:
              - id: home
                match: GET /
                allow: viewer
            """,
        """
        policy.yaml:7:12: a condition is a mapping with exactly one key
          |
        7 |     allow: viewer
          |            ^
          = write `{role: viewer}` if this is a role
        """),
    Mistake(
        "a list of roles in a condition",
        head + """
            routes:
              - {id: home, match: GET /, allow: {role: [viewer, admin]}}
            """,
        """
        policy.yaml:5:44: `role` names one role
          |
        5 |   - {id: home, match: GET /, allow: {role: [viewer, admin]}}
          |                                            ^
          = write `any: [{role: …}, {role: …}]` for several
        """),
    Mistake(
        "a role beside the match, not in `allow`",
        head + """
            routes:
              - {id: home, match: GET /, role: viewer}
            """,
        """
        policy.yaml:5:30: unknown key `role` in `routes`
          |
        5 |   - {id: home, match: GET /, role: viewer}
          |                              ^
          = write `allow: {role: …}`
        """),
    Mistake(
        "a key that is indented too far",
        head + """
            routes:
              - id: home
                match: GET /
                  allow: {role: viewer}
            """,
        """
        policy.yaml:7:7: the key `allow` is indented further than the line before it
          |
        7 |       allow: {role: viewer}
          |       ^
          = indent all keys of a mapping equally
        """),
    Mistake(
        "a key that is not indented enough",
        head + """
            routes:
              - id: home
               match: GET /
            """,
        """
        policy.yaml:6:4: expected a list item `- …` here
          |
        6 |    match: GET /
          |    ^
          = indent all items of a list equally
        """),
    Mistake(
        "a tab",
        head + """
            routes:
            \t- {id: home, match: GET /}
            """,
        """
        policy.yaml:5:1: a tab in the indentation
          |
        5 |     - {id: home, match: GET /}
          | ^
          = use spaces
        """),
    Mistake(
        "a key twice",
        head + """
            routes:
              - id: home
                match: GET /
                allow: {role: viewer}
                allow: {role: admin}
            """,
        """
        policy.yaml:8:5: duplicate key `allow`, first defined in line 7
          |
        8 |     allow: {role: admin}
          |     ^
          = remove one of the two
        """),
    Mistake(
        "braces without quotes",
        head + """
            routes:
              - {id: user, match: GET /users/{user}, allow: {role: viewer}}
            """,
        """
        policy.yaml:5:34: expected `,` or `}` in this mapping (opened in line 5)
          |
        5 |   - {id: user, match: GET /users/{user}, allow: {role: viewer}}
          |                                  ^
          = a value with `{`, `}`, `[`, `]` or `,` inside `{…}` needs quotes
        """),
    Mistake(
        "a quotation mark that is not closed",
        head + """
            routes:
              - {id: home, match: "GET /, allow: {role: viewer}}
            """,
        """
        policy.yaml:5:23: the quoted text is not closed
          |
        5 |   - {id: home, match: "GET /, allow: {role: viewer}}
          |                       ^
          = add the closing quote
        """),
    Mistake(
        "routes as a mapping",
        head + """
            routes:
              home: {match: GET /}
            """,
        """
        policy.yaml:5:3: `routes` must be a list, not a mapping
          |
        5 |   home: {match: GET /}
          |   ^
          = write `- {id: home, match: …}` for each route
        """),
    Mistake(
        "no method",
        head + """
            routes:
              - {id: home, match: /home, allow: {role: viewer}}
            """,
        """
        policy.yaml:5:23: `/home` is no match: methods, one space and a path are needed
          |
        5 |   - {id: home, match: /home, allow: {role: viewer}}
          |                       ^
          = write `GET /path`, `POST|PUT /path` or `ANY /path`
        """),
    Mistake(
        "a method in lower case",
        head + """
            routes:
              - {id: home, match: get /home, allow: {role: viewer}}
            """,
        """
        policy.yaml:5:23: unknown method `get`
          |
        5 |   - {id: home, match: get /home, allow: {role: viewer}}
          |                       ^
          = did you mean `GET`?
        """),
    Mistake(
        "a condition on a public route",
        head + """
            routes:
              - {id: home, match: GET /, auth: public, allow: {role: viewer}}
            """,
        """
        policy.yaml:5:44: a public route reads no credential, so it cannot have an `allow`
          |
        5 |   - {id: home, match: GET /, auth: public, allow: {role: viewer}}
          |                                            ^
          = remove `allow`, or write `auth: required`
        """),
    Mistake(
        "an optional route without a condition",
        head + """
            routes:
              - {id: home, match: GET /, auth: optional}
            """,
        """
        policy.yaml:5:30: `auth: optional` without `allow` lets nobody in
          |
        5 |   - {id: home, match: GET /, auth: optional}
          |                              ^
          = write `allow: {anyone: true}`, or say who may pass
        """),
    Mistake(
        "no issuer",
        """
        version: 1
        roles: {viewer: {}}
        routes:
          - {id: home, match: GET /, allow: {role: viewer}}
        """,
        """
        policy.yaml:1:1: `issuers` names no issuer: route `home` needs a token, and none \
        could be accepted
          |
        1 | version: 1
          | ^
          = write `issuers: {local: {embedded: true}}` for the one inside ostiary
        """),
    Mistake(
        "one id for two routes",
        head + """
            routes:
              - {id: home, match: GET /}
              - {id: home, match: GET /home}
            """,
        """
        policy.yaml:6:10: route id `home` is already used at policy.yaml:5:10
          |
        6 |   - {id: home, match: GET /home}
          |          ^
          = give each route a name of its own
        """),
    Mistake(
        "yes for true",
        head + """
            routes:
              - {id: home, match: GET /, allow: {role: viewer}, hide: yes}
            """,
        """
        policy.yaml:5:59: `routes.hide` must be `true` or `false`, not `yes`
          |
        5 |   - {id: home, match: GET /, allow: {role: viewer}, hide: yes}
          |                                                           ^
          = write `true`
        """),
    Mistake(
        "a rate without a unit",
        head + """
            routes:
              - {id: home, match: GET /, rate: {per: subject, limit: 20}}
            """,
        """
        policy.yaml:5:58: `routes.rate.limit` must be a number per second, minute or hour \
        such as `20/s`, `600/m` or `1000/h`, not `20`
          |
        5 |   - {id: home, match: GET /, rate: {per: subject, limit: 20}}
          |                                                          ^
          = write `20/s`, `20/m` or `20/h`
        """),
    Mistake(
        "a length of time without a unit",
        head + """
            defaults:
              timeouts: {idle: 30}
            routes: []
            """,
        """
        policy.yaml:5:20: `defaults.timeouts.idle` must be a length of time such as \
        `500ms`, `10s`, `2m`, `24h` or `7d`, not `30`
          |
        5 |   timeouts: {idle: 30}
          |                    ^
          = add the unit, for example `30s`
        """),
    Mistake(
        "every page of the web with credentials",
        head + """
            routes:
              - id: api
                match: GET /api/**
                cors: {origins: "*", credentials: true}
            """,
        """
        policy.yaml:7:21: origin `*` with `credentials: true` would let every page of the \
        web act as whoever visits it
          |
        7 |     cors: {origins: "*", credentials: true}
          |                     ^
          = name the origins, or remove `credentials`
        """),
    Mistake(
        "an origin with a path",
        head + """
            routes:
              - id: api
                match: GET /api/**
                cors: {origins: [https://Spa.Test:443/]}
            """,
        """
        policy.yaml:7:22: origin `https://Spa.Test:443/` is not as browsers write it
          |
        7 |     cors: {origins: [https://Spa.Test:443/]}
          |                      ^
          = write `https://spa.test`
        """),
    Mistake(
        "a host with a scheme",
        """
        version: 1
        hosts: [https://app.test]
        routes: []
        """,
        """
        policy.yaml:2:9: `https://app.test` is no host
          |
        2 | hosts: [https://app.test]
          |         ^
          = write the host alone, without a scheme
        """),
    Mistake(
        "a claim that is not declared",
        head + """
            claims: {departments: {type: [string], default: []}}
            routes:
              - id: user
                match: GET /users/{user}
                allow: {equal: [path.user, claims.subjct]}
            """,
        """
        policy.yaml:8:32: claim `subjct` is not declared
          |
        8 |     allow: {equal: [path.user, claims.subjct]}
          |                                ^
          = did you mean `subject`?
        """),
    Mistake(
        "the address of the app",
        head + """
            upstreams:
              app: {url: "http://127.0.0.1:8050"}
            routes: []
            """,
        """
        policy.yaml:5:9: unknown key `url` in `upstreams.app`
          |
        5 |   app: {url: "http://127.0.0.1:8050"}
          |         ^
          = the address stands in `ostiary.yaml`
        """),
]
