import AccessPolicy
import Foundation
import Testing

@Suite struct DefaultPolicyTests {
    @Test("the built-in text is the file `policies/default.yaml`")
    func sameAsFile() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = try Data(contentsOf: root.appending(path: "policies/default.yaml"))
        #expect(Data(DefaultPolicy.text.utf8) == file)
    }

    @Test(
        "viewers read, editors change, administrators administrate",
        arguments: [
            ("GET /", [true, true, true]), ("HEAD /data/x", [true, true, true]),
            ("POST /data", [false, true, true]), ("OPTIONS /data", [false, true, true]),
            ("DELETE /", [false, true, true]), ("GET /admin", [false, false, true]),
            ("GET /admin/", [false, false, true]), ("POST /admin/users", [false, false, true]),
        ])
    func table(request: String, allowed: [Bool]) throws {
        let policy = try PolicySet.load(DefaultPolicy.text, file: "default.yaml")
        for (role, isAllowed) in zip(["viewer", "editor", "admin"], allowed) {
            let principal = try policy.principal(
                json: #"{"sub": "somebody", "roles": ["\#(role)"]}"#, issuer: "local")
            let expected: Decision = isAllowed ? .allow : .deny(.roleMissing)
            #expect(try policy.outcome(request, as: principal).decision == expected)
        }
        #expect(try policy.outcome(request).decision == .deny(.unauthenticated))
    }

    @Test("tells the upstream who asks")
    func headers() throws {
        let policy = try PolicySet.load(DefaultPolicy.text, file: "default.yaml")
        let principal = try policy.principal(
            json: #"{"sub": "alice", "roles": "editor"}"#, issuer: "local")
        #expect(
            principal.headerText == "X-Auth-User: alice\r\nX-Auth-Roles: editor,viewer\r\n")
        #expect(policy.injectedHeaderNames == ["X-Auth-User", "X-Auth-Roles"])
    }
}
