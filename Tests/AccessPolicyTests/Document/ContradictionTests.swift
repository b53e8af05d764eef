import AccessPolicy
import Testing

/// Keys of a policy that cannot both be meant, and values that mean nothing.
@Suite struct ContradictionTests {
    /// The errors of a policy with one route, GET on `/x`, and these keys.
    private func route(_ keys: String, match: String = "GET /x", top: String = "") -> [String] {
        errors(
            """
            version: 1
            issuers: {local: {embedded: true}}
            roles: {viewer: {}}
            \(top)
            routes:
              - {id: one, match: "\(match)", \(keys)}
            """)
    }

    private func expectOne(
        _ found: [String], _ message: String, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(found.count == 1, "\(found)", sourceLocation: location)
        #expect(
            found.first?.contains(message) == true, "\(found)", sourceLocation: location)
    }

    @Test(
        "a public route has nothing that needs a credential",
        arguments: [
            ("hide: true", "a public route cannot have `hide`: it refuses nobody"),
            (
                "rate: {per: subject, limit: 1/s}",
                "it cannot count per subject; write `per: address` or `per: route`"
            ),
            (
                "rate: [{per: route, limit: 9/s}, {per: subject, limit: 1/s}]",
                "it cannot count per subject"
            ),
            ("allow: {role: viewer}", "cannot have an `allow`"),
            (
                "identity: {authorization: forward}",
                "a public route cannot have `identity`: it reads no credential"
            ),
        ])
    func publicRoutes(keys: String, message: String) {
        expectOne(route("auth: public, \(keys)"), message)
        let byDefault = route(keys, top: "defaults: {auth: public}")
        #expect(byDefault.count == 1)
        #expect(
            byDefault.first?.contains("(by `defaults.auth`)") == true || keys.hasPrefix("allow"))
    }

    @Test("an optional route says who may pass", arguments: ["auth: optional", "hide: true"])
    func optionalRoutes(keys: String) {
        expectOne(
            route(keys, top: "defaults: {auth: optional}"),
            "without `allow` lets nobody in; write `allow: {anyone: true}`, or say who may pass")
        #expect(route("\(keys), allow: {anyone: true}", top: "defaults: {auth: optional}") == [])
    }

    @Test(
        "a rate lets something through, and each of its rules refuses something",
        arguments: [
            ("{per: subject, limit: 0/s}", "`routes.rate.limit` lets no request through: `0/s`"),
            ("{per: subject, limit: -1/s}", "`routes.rate.limit` lets no request through"),
            ("{per: subject, limit: 5/s, burst: 0}", "`routes.rate.burst` must be between 1 and"),
            (
                "{per: subject, limit: 5/s, burst: 1.5}",
                "`routes.rate.burst` must be a whole number"
            ),
            ("{per: subject, limit: 2000000/s}", "can be 1000000 at most"),
            ("{per: subject, limit: 1_000/h}", "not `1_000/h`; write `1000/h`"),
            ("{per: subject, limit: 20}", "not `20`; write `20/s`, `20/m` or `20/h`"),
            ("{per: subject, limit: 20/sec}", "not `20/sec`; write `20/s`"),
            ("{per: subject, limit: 20 / minute}", "not `20 / minute`; write `20/m`"),
            ("{per: subject, limit: 20/d}", "not `20/d`"),
            ("{per: subject, limit: s/20}", "not `s/20`"),
            ("{per: user, limit: 20/s}", "must be one of `subject`, `address`, `route`"),
            ("{per: subjct, limit: 20/s}", "did you mean `subject`?"),
            ("{limit: 20/s}", "missing key `per`"),
            ("{per: subject}", "missing key `limit`"),
            ("{per: subject, limit: 20/s, bursts: 2}", "did you mean `burst`?"),
            ("20/s", "not `20/s`; write `{per: subject, limit: 20/s}`"),
            ("no", "not `no`"), ("[]", "has no rule; write `none` for no limit"),
            (
                "[{per: subject, limit: 5/s}, {per: subject, limit: 5/s}]",
                "this rule of `routes.rate` never refuses anything"
            ),
            (
                "[{per: address, limit: 100/m}, {per: address, limit: 1/s, burst: 90}]",
                "`routes.rate` never refuses anything: the rule at policy.yaml:6:"
            ),
        ])
    func rates(rate: String, message: String) {
        expectOne(route("rate: \(rate)"), message)
    }

    @Test("rules of several buckets, or a burst beside a long limit, stand together")
    func goodRates() {
        for rate in [
            "[{per: subject, limit: 5/s}, {per: address, limit: 5/s}]",
            "[{per: subject, limit: 5/s}, {per: subject, limit: 1000/h}]", "none",
        ] {
            #expect(route("rate: \(rate)") == [], "\(rate)")
        }
    }

    @Test(
        "CORS names origins as browsers write them, and never all of them with credentials",
        arguments: [
            ("{origins: \"*\", credentials: true}", "origin `*` with `credentials: true`"),
            ("{origins: [\"*\", https://a.test]}", "origin `*` makes the others pointless"),
            ("{origins: []}", "`routes.cors.origins` names no origin"),
            ("{}", "missing key `origins`"),
            ("{origin: https://a.test, origins: https://a.test}", "write `origins: ["),
            ("{origins: [https://a.test, https://a.test]}", "origin `https://a.test` is already"),
            ("{origins: https://a.test/}", "; write `https://a.test`"),
            ("{origins: https://A.test}", "; write `https://a.test`"),
            ("{origins: HTTPS://a.test}", "; write `https://a.test`"),
            ("{origins: https://a.test:443}", "; write `https://a.test`"),
            ("{origins: http://a.test:80/x?y}", "; write `http://a.test`"),
            ("{origins: a.test}", "has no scheme; write for example `https://a.test`"),
            ("{origins: \"null\"}", "is that of every sandboxed page"),
            ("{origins: \"https://*.a.test\"}", "holds a wildcard"),
            ("{origins: \"https://u@a.test\"}", "has no usable host"),
            ("{origins: \"https://a.test:0\"}", "has no usable host"),
            ("{origins: \"https://a.test:99999\"}", "has no usable host"),
            ("{origins: \"https://\"}", "has no usable host"),
            ("{origins: \"https://a b\"}", "has no usable host"),
            ("{origins: https://a.test, methods: [GETT]}", "unknown method `GETT`; did you mean"),
            ("{origins: https://a.test, methods: [get]}", "did you mean `GET`?"),
            ("{origins: https://a.test, methods: \"*\"}", "unknown method `*`; name the methods"),
            ("{origins: https://a.test, methods: [WEBSOCKET]}", "unknown method `WEBSOCKET`"),
            ("{origins: https://a.test, methods: [GET, GET]}", "method `GET` is already named"),
            ("{origins: https://a.test, methods: []}", "names no method"),
            ("{origins: https://a.test, headers: [\"X A\"]}", "`X A` is no header name"),
            ("{origins: https://a.test, headers: [X-A, x-a]}", "header `x-a` is already named"),
            (
                "{origins: https://a.test, credentials: true, headers: [\"*\"]}",
                "means nothing to browsers with `credentials: true`"
            ),
            (
                "{origins: https://a.test, credentials: true, expose: \"*\"}",
                "`*` in `routes.cors.expose` means nothing"
            ),
            ("{origins: https://a.test, max_age: 2d}", "must be between `0s` and `1d`"),
            ("{origins: https://a.test, max_age: 1500ms}", "must be whole seconds"),
            ("{origins: https://a.test, max_age: 600}", "add the unit, for example `600s`"),
            ("{origins: https://a.test, credentials: yes}", "write `true`"),
        ])
    func cors(cors: String, message: String) {
        expectOne(route("cors: \(cors)"), message)
    }

    @Test(
        "an origin may be of any scheme, port and kind of host",
        arguments: [
            "http://localhost:3000", "https://a-b.test", "capacitor://localhost",
            "\"https://[2001:db8::1]:8443\"", "https://127.0.0.1", "https://xn--bcher-kva.test",
        ])
    func goodOrigins(origin: String) {
        #expect(route("cors: {origins: [\(origin)], credentials: true}") == [])
    }

    @Test(
        "a section for WebSockets stands on a route for them, and holds together",
        arguments: [
            (
                "GET /x", "websocket: {}",
                "`websocket` is for routes whose `match` begins with `WEBSOCKET`; give WebSockets a "
                    + "route of their own: `match: WEBSOCKET /x`"
            ),
            ("ANY /x", "websocket: {}", "give WebSockets a route of their own"),
            (
                "WEBSOCKET /x", "websocket: {on_expiry: keep}",
                "`max_age: token` (the default) ends it with the token"
            ),
            (
                "WEBSOCKET /x", "websocket: {max_age: token, on_expiry: keep}",
                "`max_age: token` ends it with the token; write a length of time"
            ),
            ("WEBSOCKET /x", "websocket: {origins: []}", "no page could connect"),
            ("WEBSOCKET /x", "websocket: {origins: \"*\"}", "would let every page of the web"),
            (
                "WEBSOCKET /x", "websocket: {origins: [same_host, https://a.test]}",
                "`same_host` stands alone"
            ),
            ("WEBSOCKET /x", "websocket: {origins: same-host}", "origin `same-host` has no scheme"),
            ("WEBSOCKET /x", "websocket: {max_age: 10}", "add the unit, for example `10s`"),
            ("WEBSOCKET /x", "websocket: {on_expiry: stay}", "must be one of `close`, `keep`"),
            (
                "WEBSOCKET /x", "auth: public, websocket: {max_age: token}",
                "is about a token, and a public route reads none"
            ),
            (
                "WEBSOCKET /x", "auth: public, websocket: {max_age: 1h, on_expiry: close}",
                "`routes.websocket.on_expiry` is about a token"
            ),
            (
                "WEBSOCKET /x", "cors: {origins: https://a.test}",
                "`cors` means nothing on a route for WebSockets"
            ),
            ("WEBSOCKET /x", "limits: {body: 1KiB}", "a handshake has no body"),
            (
                "WEBSOCKET /x", "timeouts: {idle: 1m}, websocket: {idle: 2m}",
                "`timeouts.idle` and `websocket.idle` both say how long"
            ),
        ])
    func webSockets(match: String, keys: String, message: String) {
        expectOne(route(keys, match: match), message)
    }

    @Test(
        "limits and waiting times lie within what the server can do, and do not exclude each other",
        arguments: [
            (
                "limits: {headers: 4KiB, target: 8KiB}",
                "`defaults.limits.target` is 8KiB, but the target is part of the head, for which "
                    + "`defaults.limits.headers` allows 4KiB; lower `target` or raise `headers`"
            ),
            ("limits: {headers: 100}", "must be between `1KiB` and `1MiB`, not `100`"),
            ("limits: {header_count: 5}", "must be between 10 and 10000, not `5`"),
            ("limits: {header_count: 0o17}", "must be a whole number, not `0o17`; write `15`"),
            ("limits: {target: 10}", "must be between `256` and `1MiB`"),
            ("limits: {body: 32 MiB}", "must be a size such as `16KiB`"),
            ("limits: {body: -1}", "must be a size"),
            ("limits: {boddy: 1}", "did you mean `body`?"),
            ("timeouts: {connect: 1ms}", "must be between `10ms` and `5m`, not `1ms`"),
            ("timeouts: {response_header: 0s}", "must be between `100ms` and `1d`"),
            ("timeouts: {idle: 1:30}", "write one number and its unit"),
            ("timeouts: {read: 1s}", "unknown key `read` in `defaults.timeouts`"),
        ])
    func limits(defaults: String, message: String) {
        expectOne(route("auth: public", top: "defaults: {\(defaults)}"), message)
    }

    @Test(
        "a route says only what can be told apart by route",
        arguments: [
            ("limits: {headers: 4KiB}", "it can only be set for all routes, in `defaults.limits`"),
            (
                "timeouts: {connect: 1s}",
                "it can only be set for all routes, in `defaults.timeouts`"
            ),
            ("identity: {headers: {}}", "they can only be set for all routes"),
            ("identity: {authorization: app}", "`authorization: app` leaves the field to the app"),
            ("identity: {authorization: yes}", "must be one of `strip`, `forward`, not `yes`"),
            ("path: {encoded_slash: yes}", "must be one of `keep`, `reject`, not `yes`"),
            ("path: {encodedslash: keep}", "did you mean `encoded_slash`?"),
            ("path: /x", "the path itself stands in `match`; write `match: GET /x`"),
            ("hide: \"true\"", "must be `true` or `false`, not `\"true\"`; write `true`"),
            ("methods: [GET]", "methods stand in `match`"),
            ("roles: [viewer]", "write `allow: {role: …}`, or `any` of several"),
            ("authenticated: true", "write `allow: {authenticated: …}`"),
            ("hosts: a.test", "write `host: …`"),
            ("upstream: app", "there is one app, to which all routes lead"),
        ])
    func routeKeys(keys: String, message: String) {
        expectOne(route(keys), message)
    }

    @Test(
        "a route's host is one that the policy answers for",
        arguments: [
            ("[app.test]", "app.tst", "host `app.tst` is not among `hosts`"),
            ("[app.test]", "app.tst", "did you mean `app.test`?"),
            ("[app.test]", "\"*.app.test\"", "host `*.app.test` is not among `hosts`"),
            ("[\"*.app.test\"]", "app.test", "host `app.test` is not among `hosts`"),
            ("[\"*.a.app.test\"]", "\"*.app.test\"", "is not among `hosts`"),
            ("[app.test]", "[]", "`host` is empty"),
            ("[app.test]", "[app.test, APP.test.]", "host `APP.test.` is already named"),
            ("[app.test]", "https://app.test", "write the host alone, without a scheme"),
        ])
    func hosts(hosts: String, host: String, message: String) {
        let found = errors(
            """
            version: 1
            hosts: \(hosts)
            routes: [{id: one, match: GET /x, auth: public, host: \(host)}]
            """)
        expectOne(found, message)
    }

    @Test(
        "a route's host may be narrower than the policy's",
        arguments: [
            ("[app.test]", "App.Test"), ("[\"*.app.test\"]", "[a.app.test, b.app.test]"),
            ("[\"*.app.test\"]", "\"*.app.test\""), ("[\"*.app.test\"]", "\"*.a.app.test\""),
            ("[a.test, \"*.app.test\"]", "[a.test]"),
        ])
    func goodHosts(hosts: String, host: String) {
        #expect(
            errors(
                """
                version: 1
                hosts: \(hosts)
                routes: [{id: one, match: GET /x, auth: public, host: \(host)}]
                """) == [])
    }

    @Test(
        "the one app has a name and a profile that is known",
        arguments: [
            ("{}", "`upstreams` says nothing"), ("[app]", "`upstreams` must be a mapping"),
            ("{app: {profile: dahs}}", "did you mean `dash`?"),
            ("{app: {slashes: keep}}", "must be one of `merge`, `reject`"),
            ("{app: {dots: merge}}", "must be one of `resolve`, `reject`"),
            ("{app: {url: \"http://a\"}}", "the address stands in `ostiary.yaml`"),
            ("{app: {}, other: {}}", "`upstreams` names a second app, `other`"),
            ("{\"a b\": {}}", "`a b` is no valid upstream name"),
        ])
    func upstreams(text: String, message: String) {
        expectOne(route("auth: public", top: "upstreams: \(text)"), message)
    }

    @Test(
        "a word that some readers take for a boolean is no text, wherever a policy wants text",
        arguments: [
            "claims: {country: {default: no}}", "claims: {country: no}",
            "roles: {viewer: {includes: no}}", "roles: {\"on\": {}, admin: {includes: [on]}}",
            "roles: {no: {}}", "hosts: no", "claims: {on: {default: x}}",
            "defaults: {identity: {headers: {X-Country: no}}}",
            "issuers: {no: {embedded: true}}",
            "issuers: {corp: {issuer: off, audience: app}}",
            "issuers: {corp: {issuer: \"https://id.test\", audience: on}}",
        ])
    func norway(line: String) {
        let found = errors(
            "version: 1\n\(line)\nroutes: [{id: one, match: GET /x, auth: public}]")
        #expect(
            found.first?.contains("can be read as a boolean or null; quote it: ") == true,
            "\(found)")
    }

    @Test(
        "values of conditions are what they look like to every reader of YAML",
        arguments: [
            ("{claim: {country: no}}", "`claims.country` is compared with text, but `no` can be"),
            ("{claim: {country: [se, NO]}}", "quote it: \"NO\""),
            ("{equal: [claims.country, off]}", "quote it: \"off\""),
            ("{contains: [claims.countries, no]}", "quote it: \"no\""),
            ("{role: on}", "quote it: \"on\""), ("{scope: [read, yes]}", "quote it: \"yes\""),
            ("{acr: null}", "quote it: \"null\""),
            ("{claim: {level: 1_000}}", "never equals `1_000`; write `1000`"),
            ("{claim: {level: 0o17}}", "never equals `0o17`; write `15`"),
            ("{claim: {level: 1:30}}", "never equals `1:30`; write `90`"),
            ("{claim: {level: \"3\"}}", "write it without quotes"),
            ("{claim: {adult: yes}}", "never equals `yes`"),
            ("{authenticated: yes}", "must be `true` or `false`, not `yes`; write `true`"),
            ("{auth_age: 10}", "add the unit, for example `10s`"),
        ])
    func plainValues(allow: String, message: String) {
        let claims = """
            claims: {country: {default: se}, countries: {type: [string], default: []},
              level: {type: integer, default: 0}, adult: {type: boolean, default: false}}
            """
        expectOne(route("allow: \(allow)", top: claims), message)
        for good in ["{claim: {country: \"no\"}}", "{contains: [claims.countries, 'no']}"] {
            #expect(route("allow: \(good)", top: claims) == [])
        }
    }

    @Test("a role that includes another twice is refused")
    func roles() {
        expectOne(
            errors("version: 1\nroles: {a: {}, b: {includes: [a, a]}}\nroutes: []"),
            "`roles.b.includes` names `a` twice")
    }

    @Test(
        "keys in the wrong place are told where they belong",
        arguments: [
            ("cases: []", "tests stand beside the policy"), ("matrix: {}", "in `.test.yaml`"),
            ("rate: none", "write it in `defaults`, or in a route"),
            ("allow: {role: viewer}", "write it in a route"),
            ("tests: yes", "`tests` must be one of `optional`, `required`, not `yes`"),
        ])
    func places(line: String, message: String) {
        expectOne(route("auth: public", top: line), message)
    }
}
