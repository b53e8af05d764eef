import TestSupport

/// The sample app and a gate in front of it, both as processes.
final class SampleAppFixture {
    private(set) var app: SampleAppProcess
    let gate: GateProcess

    init() throws {
        app = try SampleAppProcess()
        var configuration = GateProcess.Configuration(upstreamPort: app.port)
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        configuration.policy = SampleAppFixture.policy
        gate = try GateProcess(configuration)
    }

    func stop() {
        gate.stop()
        app.stop()
    }

    /// Kills the app as an out-of-memory killer does.
    func killApp() { app.killNow() }

    /// Starts the app again on its port.
    func restartApp() throws { app = try SampleAppProcess(port: app.port) }

    private static let policy = """
        version: 1
        hosts: [app.test]
        issuers:
          test: {issuer: "https://issuer.test", audience: [app], algorithms: [ES256]}
        claims: {subject: sub, roles: {from: roles}}
        roles: {viewer: {}, editor: {includes: [viewer]}, admin: {includes: [editor]}}
        defaults: {identity: {headers: {X-Auth-User: subject, X-Auth-Roles: roles}}}
        routes:
          - {id: assets, match: GET /assets/**, auth: public}
          - {id: page, match: GET /, allow: {role: viewer}}
          - {id: read, match: GET /api/**, allow: {role: viewer}}
          - {id: write, match: POST /api/notes, allow: {role: editor}}
          - {id: live, match: GET /live, allow: {role: viewer}}
          - {id: download, match: GET /download/**, allow: {role: viewer}}
          - {id: admin, match: ANY /admin/**, allow: {role: admin}}

        """
}
