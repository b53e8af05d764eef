import AccessPolicy
import StrictYAML
import TestSupport
import Testing

@Suite struct MutatedPolicyTests {
    /// The attack policy with a mapping of each kind.
    private static let mappingPolicy = attackPolicy.replacing(
        "algorithms: [ES256, RS256, EdDSA]",
        with: #"""
            algorithms: [ES256], single_audience: true, claims: {subject: oid, roles: {from:
                [realm_access.roles, 'a\.b', "x:y"], form: string_or_list, map: {/grp/a: viewer, b:
                [viewer, admin]}, unmapped: keep}}
            """#)

    /// Every key that a policy can have.
    private static let fullPolicy = """
        version: 1
        tests: optional
        hosts: [app.test, "*.app.test"]
        issuers: {local: {embedded: true}}
        claims: {status: {type: string, default: active}, teams: {type: [string], default: []}}
        roles: {viewer: {}, admin: {includes: [viewer]}}
        deny:
          - {id: suspended, when: {claim: {status: [suspended, gone]}}, message: "No."}
        defaults:
          auth: required
          timeouts: {connect: 2s, response_header: 60s, idle: 5m}
          limits: {body: 32MiB, headers: 64KiB, header_count: 200, target: 16KiB}
          rate: [{per: address, limit: 100/m}, {per: route, limit: 20/s, burst: 60}]
          identity: {headers: {X-Auth-User: subject}, authorization: strip}
        routes:
          - {id: open, match: GET /open/*.png, auth: public, rate: none}
          - id: api
            match: GET|PUT /api/{team:slug}/{n:int}
            host: api.app.test
            allow: {all: [{any: [{role: viewer}, {scope: [a, b]}]}, {not: {method: PUT}}, {equal:
                [query.kind, x]}, {contains: [claims.teams, path.team]}, {in: [client.ip,
                [10.0.0.0/8, "2001:db8::/32"]]}, {acr: gold}, {auth_age: 10m}, {time: {days: [mon],
                from: "08:00", to: "18:00", zone: "+01:00"}}]}
            hide: true
            limits: {body: 8MiB}
            timeouts: {response_header: 10s, idle: 1m}
            rate: {per: subject, limit: 20/s, burst: 60}
            cors: {origins: [https://a.test], methods: [GET], headers: [X-A], expose: [X-B],
              credentials: true, max_age: 10m}
            path: {encoded_slash: keep, encoded_percent: reject}
            query: {kind: {type: string, default: y}}
            identity: {authorization: forward}
          - id: live
            match: WEBSOCKET /live
            auth: optional
            allow: {anyone: true}
            websocket: {origins: [https://a.test], max_age: 12h, idle: 1m, on_expiry: keep}
        upstreams: {app: {profile: dash, slashes: merge, dots: resolve}}
        """

    /// The rendered form of each diagnostic: one line, or the line of the file with a caret in or
    /// right behind it.
    private func checkRendering(_ diagnostics: Diagnostics) throws {
        for report in diagnostics.rendered {
            let lines = report.split(separator: "\n", omittingEmptySubsequences: false)
            try #require([1, 4, 5].contains(lines.count), "\(report)")
            guard lines.count > 1 else { continue }
            let shown = lines[2].drop { $0 != "|" }.dropFirst(2)
            let caret = lines[3].drop { $0 != "|" }.dropFirst(2)
            try #require(caret.last == "^" && caret.dropLast().allSatisfy { $0 == " " })
            // Wide characters take two columns; there are none here.
            try #require(caret.count <= shown.count + 1 || shown.isEmpty, "\(report)")
            try #require(lines[2].count <= 112, "\(report)")
        }
    }

    @Test(
        "a damaged policy loads or is refused with places, and nothing else happens",
        arguments: [attackPolicy, mappingPolicy, fullPolicy])
    func mutations(policy: String) throws {
        _ = try PolicySet.load(policy, file: "policy.yaml")
        var generator = SeededGenerator(for: "mutations")
        let pieces = [
            "{", "}", "[", "]", ":", ",", "\n", " ", "\"", "**", "/", "|", "ANY", "path.",
            "claims.", "query.", "no", "1_0", "0/s", "keep", "public", "optional", "/s", "\t", "0",
            "not", "all", "role", "map", "drop", "\\", "form", "admin", "%2e", "é", "\u{0}", "&a ",
            "*a", "!!x ", "~", "- ", "#",
        ].map { Array($0.utf8) }
        let original = Array(policy.utf8)
        var (loaded, refused) = (0, 0)
        for _ in 0..<propertyRounds(500) {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let start = Int.random(in: 0..<bytes.count, using: &generator)
                let end = min(bytes.count, start + Int.random(in: 0...6, using: &generator))
                bytes.replaceSubrange(start..<end, with: generator.pick(pieces))
            }
            let text = String(decoding: bytes, as: UTF8.self)
            do throws(Diagnostics) {
                let policy = try PolicySet.load(text, file: "policy.yaml")
                // Whatever it says now: strangers get to public routes only.
                for route in policy.routes where route.auth == .required {
                    let outcome = try? policy.outcome("GET /admin/x")
                    #expect(outcome?.route != route.id || outcome?.decision != .allow)
                }
                loaded += 1
            } catch {
                try #require(!error.all.isEmpty)
                try #require(error.all.allSatisfy { $0.position != nil }, "\(text)")
                try checkRendering(error)
                refused += 1
            }
        }
        #expect(loaded > 0 && refused > 0)
    }
}
