import TestSupport
import Testing

/// A gate whose issuers have key servers of their own, with an echo upstream behind it and an address
/// for operators.
final class KeyGate: Sendable {
    let upstream: EchoUpstream
    let gate: GateProcess
    /// By the issuer's name in the policy.
    let servers: [String: KeyServer]
    private let operators: UInt16

    /// `servers` have the keys that each is to publish; `settings` are those of each issuer, besides
    /// where its keys are and whom to trust.
    init(
        _ servers: [String: KeyServer], settings: String = "cooldown: 1s", threads: Int = 2
    ) throws {
        self.servers = servers
        upstream = try EchoUpstream()
        var configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        configuration.threads = threads
        // A thousand connections at once are more than the app of these tests can take in a moment.
        configuration.timeouts = ["connect": "20s"]
        configuration.policy = Self.policy(servers)
        configuration.lines = [
            "admin: {listener: \"127.0.0.1:0\"}", "issuers:",
        ]
        for (name, server) in servers.sorted(by: { $0.key < $1.key }) {
            configuration.lines.append(
                "  \(name): {jwks_url: \"\(server.keySetURL)\", ca: \"\(server.certificateFile)\", "
                    + "allow_private_addresses: true, \(settings)}")
        }
        gate = try GateProcess(configuration)
        let line = try #require(gate.logLine(with: ["answering operators"]))
        let port = line.split(separator: ":").last.flatMap { UInt16($0.prefix { $0.isNumber }) }
        operators = try #require(port, "no port in: \(line)")
    }

    /// Tokens of the only issuer, or of the named one.
    func token(
        _ key: TestKey, of issuer: String = "test", changing change: (ClaimSet) -> ClaimSet = { $0 }
    ) throws -> String {
        let name = try #require(servers[issuer]).issuer
        return try TestIssuer.shared.token(key: key) { change($0.setting("iss", "\"\(name)\"")) }
    }

    static func request(_ token: String, target: String = "/api/x") -> String {
        "GET \(target) HTTP/1.1\r\nHost: app.test\r\nAuthorization: Bearer \(token)\r\n\r\n"
    }

    /// The status that a token gets, on a connection of its own.
    func status(_ token: String) throws -> Int {
        try gate.exchange(Self.request(token)).status
    }

    /// A sample of `/metrics`; nil when there is none.
    func metric(_ name: String, _ labels: String) throws -> Int? {
        let text = latin1(try ask("/metrics").body)
        let start = "\(name){\(labels)} "
        let line = text.split(separator: "\n").first { $0.hasPrefix(start) }
        return line.flatMap { Int($0.dropFirst(start.count)) }
    }

    func readiness() throws -> (status: Int, text: String) {
        let answer = try ask("/readyz")
        return (answer.status, latin1(answer.body))
    }

    /// Waits until the keys of all issuers have been fetched.
    func waitUntilReady() throws {
        let isReady = try Deadline.after(.seconds(20)).waits { try readiness().status == 200 }
        try #require(isReady, "\(gate.log.suffix(2_000))")
    }

    private func ask(_ path: String) throws -> RawResponse {
        let client = try RawConnection(port: operators)
        try client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return try client.response()
    }

    func stop() {
        gate.stop()
        upstream.stop()
        for server in servers.values { server.stop() }
    }

    private static func policy(_ servers: [String: KeyServer]) -> String {
        let issuers = servers.sorted { $0.key < $1.key }.map { name, server in
            let prefix = servers.count > 1 ? ", subject_prefix: \"\(name):\"" : ""
            return "  \(name): {issuer: \"\(server.issuer)\", audience: [app], "
                + "algorithms: [ES256, RS256, EdDSA]\(prefix)}"
        }
        let own =
            "  test: {issuer: \"https://issuer.test\", audience: [app], "
            + "algorithms: [ES256, RS256, EdDSA]}"
        return attackPolicy.replacing(own, with: issuers.joined(separator: "\n"))
    }
}

/// Runs `test` with a gate that is stopped afterwards.
func withKeyGate(
    _ servers: [String: KeyServer], settings: String = "cooldown: 1s", threads: Int = 2,
    _ test: (KeyGate) async throws -> Void
) async throws {
    let fixture = try KeyGate(servers, settings: settings, threads: threads)
    defer { fixture.stop() }
    try await test(fixture)
    #expect(fixture.gate.isRunning, "\(fixture.gate.log.suffix(4_000))")
}
