import Foundation
import TestSupport
import Testing

@Suite("starting without a configuration file", .blocking, .serialized)
struct QuickStartTests {
    @Test(
        "an upstream is enough: keys are made, and minted tokens are accepted, also after a restart"
    )
    func quickStart() throws {
        let upstream = try EchoUpstream()
        defer { upstream.stop() }
        let folder = try TemporaryFolder("quick-start")
        let environment = ["XDG_DATA_HOME": folder.path, "PORT": "\(try freePort())"]
        let first = try Running(upstream, environment)
        #expect(try first.get("/", token: nil).status == 401)
        let viewer = try mint(["--sub", "alice", "--role", "viewer"], environment)
        let admin = try mint(["--sub", "root", "--role", "admin"], environment)
        #expect(try first.get("/page", token: viewer).status == 200)
        let received = try #require(upstream.requests.last)
        expectIdentity("alice", roles: "viewer", in: received)
        #expect(try first.get("/admin/x", token: viewer).status == 403)
        #expect(try first.get("/admin/x", token: admin).status == 200)
        first.process.stop()
        #expect(first.process.exitStatus == 0)

        try expectPrivate(folder.path)

        let second = try Running(upstream, environment)
        #expect(try second.get("/page", token: viewer).status == 200)
        second.process.stop()
    }

    @Test("a token of another data folder is refused")
    func otherKeys() throws {
        let upstream = try EchoUpstream()
        defer { upstream.stop() }
        let own = try TemporaryFolder("own")
        let foreign = try TemporaryFolder("foreign")
        let port = "\(try freePort())"
        let running = try Running(upstream, ["XDG_DATA_HOME": own.path, "PORT": port])
        defer { running.process.stop() }
        let token = try mint(
            ["--sub", "root", "--role", "admin"], ["XDG_DATA_HOME": foreign.path, "PORT": port])
        let response = try running.get("/", token: token)
        #expect(response.status == 401)
        #expect(response.reason == "token_invalid")
    }

    @Test("what is minted is not printed anywhere else, and `token inspect` reads it back")
    func inspect() throws {
        let folder = try TemporaryFolder("inspect")
        let environment = ["XDG_DATA_HOME": folder.path]
        let token = try mint(["--sub", "alice", "--role", "viewer"], environment)
        let inspection = try ChildProcess(
            BuiltProgram.ostiary.path(), ["token", "inspect", "--verify", token],
            environment: environment)
        #expect(inspection.exitStatus(within: .seconds(10)) == 0)
        #expect(inspection.standardOutput.contains("alice"))
        let forged = token.dropLast(8) + "AAAAAAAA"
        let refusal = try ChildProcess(
            BuiltProgram.ostiary.path(), ["token", "inspect", "--verify", String(forged)],
            environment: environment)
        #expect(refusal.exitStatus(within: .seconds(10)) == 1)
        #expect((refusal.standardOutput + refusal.standardError).contains("token_signature"))
    }

    /// `ostiary serve --upstream …` without any file.
    private struct Running {
        let process: ChildProcess
        private let port: UInt16

        init(_ upstream: EchoUpstream, _ environment: [String: String]) throws {
            process = try ChildProcess(
                BuiltProgram.ostiary.path(),
                ["serve", "--upstream", "http://127.0.0.1:\(upstream.port)"],
                environment: environment)
            let line = try process.line(containing: "listening on http", within: .seconds(20))
            let wanted = try #require(environment["PORT"])
            #expect(
                line == "ostiary: listening on http://127.0.0.1:\(wanted), "
                    + "forwarding to http://127.0.0.1:\(upstream.port)")
            port = try #require(UInt16(wanted))
        }

        func get(_ path: String, token: String?) throws -> RawResponse {
            let client = try RawConnection(port: port)
            let credential = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
            try client.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\(credential)\r\n")
            return try client.response()
        }
    }

    private func mint(
        _ arguments: [String], _ environment: [String: String]
    ) throws -> String {
        let process = try ChildProcess(
            BuiltProgram.ostiary.path(), ["token", "mint"] + arguments, environment: environment)
        #expect(process.exitStatus(within: .seconds(10)) == 0, "\(process.standardError)")
        let lines = process.standardOutput.split(separator: "\n")
        #expect(lines.count == 1)
        let token = String(try #require(lines.first))
        #expect(!process.standardError.contains(token))
        return token
    }

    /// Expects that no file in the folder can be read by others.
    private func expectPrivate(_ path: String) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: path)
        #expect(names.contains { $0.hasSuffix(".pem") })
        for name in names where name.contains("keys") {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
            let mode = try #require(attributes[.posixPermissions] as? NSNumber).intValue
            #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
        }
    }
}
