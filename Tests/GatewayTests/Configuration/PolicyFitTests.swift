import Gateway
import StrictYAML
import TestSupport
import Testing

/// A policy that says more than the server it is for can do.
@Suite struct PolicyFitTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("fit") }

    /// The complaints about a policy with these lines, for an app `board` and small limits.
    private func problems(_ lines: String) throws -> [String] {
        try folder.write(
            "policy.yaml", "version: 1\n\(lines)\n")
        try folder.write(
            "ostiary.yaml",
            """
            version: 1
            upstreams: {board: {url: "http://127.0.0.1:8050"}}
            policy: policy.yaml
            data: data
            limits: {head: 32KiB, header_count: 100, target: 8KiB, body: 1MiB}
            timeouts: {connect: 1s, response_head: 30s, stream_idle: 1m}
            websocket: {idle: 3m, max_age: 2h}
            """)
        let sources = ConfigurationSources(
            file: "\(folder.path)/ostiary.yaml", flags: [], environment: [:])
        do throws(Diagnostics) {
            _ = try PreparedGateway.load(try sources.load(), makingKeys: false)
            return []
        } catch {
            return error.rendered
        }
    }

    @Test(
        "a limit above the server's own is refused, and says which setting to raise",
        arguments: [
            ("limits: {body: 2MiB}", "`defaults.limits.body`", "1MiB", "limits.body"),
            ("limits: {headers: 33KiB}", "`defaults.limits.headers`", "32KiB", "limits.head"),
            ("limits: {header_count: 101}", "header_count", "100", "limits.header_count"),
            ("limits: {target: 9KiB}", "`defaults.limits.target`", "8KiB", "limits.target"),
            ("timeouts: {connect: 2s}", "`defaults.timeouts.connect`", "1s", "timeouts.connect"),
            ("timeouts: {response_header: 1m}", "response_header", "30s", "timeouts.response_head"),
            ("timeouts: {idle: 61s}", "`defaults.timeouts.idle`", "1m", "timeouts.stream_idle"),
        ])
    func ceilings(line: String, name: String, most: String, setting: String) throws {
        let found = try problems("defaults: {\(line)}\nroutes: []")
        #expect(found.count == 1, "\(found)")
        let report = try #require(found.first)
        #expect(report.contains(name))
        #expect(report.contains("is more than the server allows, \(most)\n"))
        #expect(report.contains("2 | defaults: {\(line)}\n"))
        #expect(report.hasSuffix("raise `\(setting)` in the server's configuration"))
    }

    @Test("what the server allows itself may be said again")
    func equal() throws {
        let found = try problems(
            """
            defaults:
              limits: {headers: 32KiB, header_count: 100, target: 8KiB, body: 1MiB}
              timeouts: {connect: 1s, response_header: 30s, idle: 1m}
            upstreams: {board: {profile: dash}}
            routes: [{id: one, match: GET /, auth: public, limits: {body: 0}}]
            """)
        #expect(found == [])
    }

    @Test("every route and the app's name are compared, all at once")
    func routes() throws {
        let found = try problems(
            """
            upstreams: {bord: {profile: dash}}
            routes:
              - {id: one, match: GET /, auth: public, limits: {body: 5MiB}}
              - {id: two, match: GET /b, auth: public, timeouts: {idle: 2m, response_header: 1m}}
              - {id: ws, match: WEBSOCKET /c, auth: public, websocket: {idle: 4m, max_age: 3h}}
              - {id: ws2, match: WEBSOCKET /d, auth: public, websocket: {idle: 3m, max_age: 2h}}
            """)
        #expect(
            found.map { String($0.split(separator: "\n")[0].drop { $0 != ":" }) } == [
                ":2:13: `upstreams` names the app `bord`, which the server's configuration calls "
                    + "`board`",
                ":4:58: `routes.limits.body` is more than the server allows, 1MiB",
                ":5:61: `routes.timeouts.idle` is more than the server allows, 1m",
                ":5:82: `routes.timeouts.response_header` is more than the server allows, 30s",
                ":6:67: `routes.websocket.idle` is more than the server allows, 3m",
                ":6:80: `routes.websocket.max_age` is more than the server allows, 2h",
            ])
    }
}
