import TestSupport
import Testing

@Suite("attacks by way of a policy's text", .blocking)
struct PolicyFileAttackTests {
    /// The attack policy with one line changed.
    private func changed(_ line: String, to other: String) -> String {
        attackPolicy.replacing(line, with: other)
    }

    @Test(
        "C12: a mistake in a policy is an error with its place, and nothing is served",
        arguments: [
            ("admin/**, allow: {role: admin}", "admin/**, allow: {role: admn}", "admn"),
            ("routes:", "rutes:", "rutes"),
            ("version: 1\n", "version: 1\nversion: 1\n", "version"),
            ("hosts: [app.test]", "hosts: &a [app.test]", "anchor"),
            ("hosts: [app.test]", "hosts: [no]", "no"),
            ("{id: public, match: GET", "{id: public, auth: public, match: GET", "auth"),
            ("auth: public}\n  - {id: admin", "auth: pubic}\n  - {id: admin", "pubic"),
        ])
    func mistake(line: String, other: String, word: String) throws {
        let text = changed(line, to: other)
        #expect(text != attackPolicy)
        let upstream = try EchoUpstream()
        defer { upstream.stop() }
        var configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        configuration.policy = text
        do {
            let gate = try GateProcess(configuration)
            gate.stop()
            Issue.record("a gate with a broken policy serves")
        } catch {
            let message = "\(error)"
            #expect(message.contains(word), "\(message)")
            #expect(message.firstMatch(of: #/policy\.yaml:\d+:\d+: /#) != nil, "\(message)")
        }
    }

    @Test("C12: nested aliases cannot blow a policy up")
    func anchorBomb() throws {
        let upstream = try EchoUpstream()
        defer { upstream.stop() }
        var configuration = GateProcess.Configuration(upstreamPort: upstream.port)
        configuration.issuerKeys = ["test": TestIssuer.shared.keySet]
        let levels = (1...40).map { "b\($0): &b\($0) [*b\($0 - 1), *b\($0 - 1), *b\($0 - 1)]" }
        configuration.policy = "b0: &b0 [x, x]\n" + levels.joined(separator: "\n") + "\n"
        let elapsed = ContinuousClock().measure {
            #expect(throws: (any Error).self) { try GateProcess(configuration).stop() }
        }
        #expect(elapsed < .seconds(10))
    }
}
