import Gateway
import StrictYAML
import TestSupport
import Testing

@Suite("Unix sockets in the configuration")
struct UnixSocketSettingsTests {
    @Test("listeners may be addresses and Unix sockets together")
    func listeners() throws {
        let configuration = try load([
            "listeners=127.0.0.1:8080,unix:/run/gate.sock", "public_url=https://a",
        ])
        #expect(
            configuration.listeners.map(\.description) == ["127.0.0.1:8080", "unix:/run/gate.sock"])
        #expect(configuration.listenerMode.bits == 0o660)
    }

    @Test(
        "modes are octal and leave the owner its own socket",
        arguments: [("0600", 0o600), ("660", 0o660), ("0666", 0o666)] as [(String, UInt32)])
    func modes(text: String, bits: UInt32) throws {
        #expect(try load(["listener_mode=\(text)"]).listenerMode.bits == bits)
    }

    @Test("other modes are refused", arguments: ["", "0", "0o660", "1660", "0060", "0680", "rw"])
    func badModes(text: String) {
        #expect(throws: Diagnostics.self) { try load(["listener_mode=\(text)"]) }
    }

    @Test(
        "a Unix socket has no URL, so that of the server in front must be given",
        arguments: [
            "listeners=unix:/run/gate.sock", "listeners=127.0.0.1:8080,unix:/run/gate.sock",
        ])
    func missingURL(flag: String) {
        let problem = #expect(throws: Diagnostics.self) { try load([flag]) }
        #expect(
            problem.map { "\($0)" }?.contains(
                "`public_url` is required because the listener `unix:/run/gate.sock` is a Unix socket"
            ) == true)
    }

    @Test(
        "paths that cannot be listened on are refused",
        arguments: [
            "unix:", "unix:gate.sock", "unix://run/gate.sock", "unix:/run/", "unix:/\u{7}",
            "unix:/" + String(repeating: "a", count: 107),
        ])
    func badPaths(path: String) {
        #expect(throws: Diagnostics.self) {
            try load(["listeners=\(path)", "public_url=https://a"])
        }
    }

    @Test("the longest path that a socket can have is accepted")
    func longestPath() throws {
        let path = "unix:/" + String(repeating: "a", count: 106)
        let configuration = try load(["listeners=\(path)", "public_url=https://a"])
        #expect(configuration.listeners.map(\.description) == [path])
    }

    @Test("an upstream that is one of the gateway's own sockets is refused")
    func circle() {
        let problem = #expect(throws: Diagnostics.self) {
            try load(
                ["listeners=unix:/run/gate.sock", "public_url=https://a"],
                upstream: "unix:/run/gate.sock")
        }
        #expect(problem.map { "\($0)" }?.contains("requests would go in circles") == true)
    }

    @Test("PORT has no place where the first listener is a Unix socket")
    func port() {
        #expect(throws: Diagnostics.self) {
            try load(
                [], environment: ["PORT": "80", "OSTIARY_LISTENERS": "unix:/run/gate.sock"])
        }
    }

    private func load(
        _ assignments: [String], upstream: String = "unix:/run/app.sock",
        environment: [String: String] = [:]
    ) throws -> GatewayConfiguration {
        let flags = assignments.compactMap { SettingFlag(assignment: $0) }
        return try loadConfiguration(
            file: nil, flags: flags + [SettingFlag(upstream: upstream)],
            environment: environment.merging(["HOME": "/h"]) { $1 })
    }
}
