import Foundation
import Gateway
import TestSupport
import Testing
import TokenIssuing

@Suite("Control server")
struct ControlServerTests {
    @Test("the socket is its owner's alone, and gone when the server has stopped")
    func mode() async throws {
        let fixture = try ControlFixture()
        try await fixture.serving { _ in
            let attributes = try FileManager.default.attributesOfItem(atPath: fixture.socket)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.type] as? FileAttributeType == .typeSocket)
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.socket))
    }

    @Test("what one command changes, the next one sees")
    func accounts() async throws {
        try await ControlFixture().serving { client async throws in
            let created = try await client.send(.create(ControlFixture.form()))
            guard case .account(let alice, changed: true) = created else {
                Issue.record("\(created)")
                return
            }
            #expect(alice.username == "alice")
            #expect(alice.createdAt == "2026-03-01T09:30:00Z")
            #expect(
                try await client.send(.show(account: "ALICE@example.com"))
                    == .account(alice, changed: false))
            #expect(
                try await client.send(.grant(role: "viewer", account: alice.id)).account?.roles
                    == ["viewer"])
            #expect(
                try await client.send(.grant(role: "viewer", account: "alice")).hasChanged == false)
            #expect(try await client.send(.list(after: nil, limit: 50)).accounts.count == 1)
            let disabled = try await client.send(.setActive(account: "alice", false))
            #expect(disabled.account?.isActive == false)
        }
    }

    @Test("a refusal names what is wrong, and the role that was probably meant")
    func refusals() async throws {
        try await ControlFixture().serving { client async throws in
            _ = try await client.send(.create(ControlFixture.form()))
            #expect(
                try await client.send(.create(ControlFixture.form())).failure?.code
                    == "username_taken")
            #expect(
                try await client.send(.grant(role: "viewr", account: "alice")).failure
                    == ControlFailure(
                        code: "unknown_role",
                        message: "the policy declares no role `viewr`; did you mean `viewer`?"))
            #expect(
                try await client.send(.show(account: "bob")).failure?.code == "no_such_account")
        }
    }

    @Test("many commands at one time all count")
    func together() async throws {
        try await ControlFixture().serving { client async throws in
            _ = try await client.send(.create(ControlFixture.form()))
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        let changes = AccountChanges(
                            permissions: NameEdit(added: ["app.p\(number)"]))
                        return try await client.send(.set(account: "alice", changes)).hasChanged
                            ?? false
                    }
                }
                for try await changed in group { #expect(changed) }
            }
            let alice = try await client.send(.show(account: "alice")).account
            #expect(Set(alice?.permissions ?? []) == Set((0..<24).map { "app.p\($0)" }))
        }
    }

    @Test("a folder whose path is longer than a socket's address has room for works as well")
    func longPath() async throws {
        let fixture = try ControlFixture(depth: 5)
        #expect(fixture.socket.utf8.count > 200)
        try await fixture.serving { client async throws in
            #expect(try await client.send(.list(after: nil, limit: 1)) == .accounts([]))
        }
    }

    @Test("a socket that a killed server left behind is replaced")
    func stale() async throws {
        let fixture = try ControlFixture()
        // Made and never served, as after a kill.
        let script = "import socket; socket.socket(socket.AF_UNIX).bind(\"\(fixture.socket)\")"
        _ = try await onOwnThread { try Shell().output("/usr/bin/python3 -c '\(script)'") }
        #expect(FileManager.default.fileExists(atPath: fixture.socket))
        try await fixture.serving { client async throws in
            #expect(try await client.send(.list(after: nil, limit: 1)) == .accounts([]))
        }
    }

    @Test("a file that is no socket is left alone, and told")
    func occupied() async throws {
        let fixture = try ControlFixture()
        try "precious".write(toFile: fixture.socket, atomically: false, encoding: .utf8)
        await #expect(
            throws: FileProblem("there is a file of that name that is no socket; move it away")
        ) {
            try await fixture.serving { _ in }
        }
        #expect(try text(ofFile: fixture.socket) == "precious")
    }

    @Test(
        "whoever speaks otherwise gets one line that says so",
        arguments: [
            ("nonsense\n", "it is not JSON"), ("[]\n", "an object was expected"),
            ("{}\n", "it is of another version"),
            (#"{"version":2,"operation":"list"}"# + "\n", "it is of another version"),
            (#"{"version":1,"operation":"drop"}"# + "\n", "the operation `drop` is unknown"),
            (#"{"version":1,"operation":"show"}"# + "\n", "`account` is missing"),
            (
                #"{"version":1,"operation":"show","account":"a","b":1}"# + "\n",
                "`b` is not expected here"
            ),
            (
                #"{"version":1,"operation":"show","account":"a","account":"b"}"# + "\n",
                "it is not JSON"
            ),
            (
                #"{"version":1,"operation":"list","limit":51}"# + "\n",
                "`limit` is missing or of another type"
            ),
        ])
    func malformed(sent: String, reason: String) async throws {
        let fixture = try ControlFixture()
        try await fixture.serving { client async throws in
            let raw = try RawControlClient(fixture.socket)
            raw.send(sent)
            let answer = try #require(try await raw.answer())
            #expect(answer.hasPrefix(#"{"failure":"malformed","message":"#))
            #expect(answer.contains(reason))
            #expect(answer.hasSuffix("\n") && answer.split(separator: "\n").count == 1)
            // And goes on.
            #expect(try await client.send(.list(after: nil, limit: 1)) == .accounts([]))
        }
    }

    @Test("more than a request may have is refused before it has all come")
    func tooLarge() async throws {
        let fixture = try ControlFixture()
        try await fixture.serving { _ in
            let raw = try RawControlClient(fixture.socket)
            raw.send(String(repeating: "x", count: 200_000))
            #expect(
                try await raw.answer()
                    == #"{"failure":"too_large","message":"the request is larger than 65536 bytes"}"#
                    + "\n")
        }
    }

    @Test("a connection that ends before its line gets no answer")
    func cutOff() async throws {
        let fixture = try ControlFixture()
        try await fixture.serving { _ in
            let raw = try RawControlClient(fixture.socket)
            raw.send(#"{"version":1,"#)
            raw.finish()
            #expect(try await raw.answer() == "")
        }
    }

    @Test("whoever connects and says nothing keeps neither others waiting nor the server running")
    func silent() async throws {
        let fixture = try ControlFixture()
        let begin = ContinuousClock.now
        let silent = try await fixture.serving { client async throws in
            let silent = try (0..<8).map { _ in try RawControlClient(fixture.socket) }
            #expect(try await client.send(.list(after: nil, limit: 1)) == .accounts([]))
            return silent
        }
        #expect(ContinuousClock.now - begin < .seconds(5))
        for client in silent { #expect(try await client.answer() == "") }
    }

    @Test("more connections than are answered at one time wait for their turn")
    func crowded() async throws {
        let fixture = try ControlFixture()
        try await fixture.serving { client async throws in
            var crowd = try await onOwnThread {
                try (0..<30).map { _ in try RawControlClient(fixture.socket) }
            }
            async let answer = client.send(.list(after: nil, limit: 1))
            crowd.removeAll()
            #expect(try await answer == .accounts([]))
        }
    }

    @Test("without a store, commands hear where to look")
    func unavailable() async throws {
        try await ControlFixture().serving(unavailable: true) { client async throws in
            #expect(
                try await client.send(.show(account: "alice")).failure?.message
                    == "the server runs without its accounts; its log says why")
        }
    }

    @Test("the log has what was changed and by whom, and never a password")
    func log() async throws {
        let fixture = try ControlFixture()
        let id = try await fixture.serving { client async throws in
            let alice = try #require(
                try await client.send(.create(ControlFixture.form())).account)
            _ = try await client.send(.setPassword(account: "alice", "another long password"))
            _ = try await client.send(.setPassword(account: "alice", "short"))
            _ = try await client.send(.show(account: "alice"))
            let raw = try RawControlClient(fixture.socket)
            raw.send(
                #"{"version":1,"operation":"set_password","password":"a lost password"}"# + "\n")
            #expect(try await raw.answer()?.contains("a lost password") == false)
            return alice.id
        }
        let user = geteuid()
        #expect(
            fixture.log.withLock(\.self) == [
                "info account changed account.id=\(id) account.operation=create peer.user=\(user)",
                "info account changed account.id=\(id) account.operation=set_password "
                    + "peer.user=\(user)",
            ])
    }

    @Test("nobody is there: nothing was sent, and that is said")
    func unreachable() async throws {
        let fixture = try ControlFixture()
        await #expect(
            throws: ControlClientError.unreachable(FileProblem("no such file or directory"))
        ) {
            try await ControlClient(folder: fixture.data).send(.list(after: nil, limit: 1))
        }
    }

    @Test(
        "another user is refused even where the file's mode would let them in",
        .enabled(
            if: geteuid() == 0 && FileManager.default.fileExists(atPath: "/usr/sbin/runuser"),
            "only root can become another user, with runuser"))
    func foreignUser() async throws {
        let fixture = try ControlFixture()
        let answer = try await fixture.serving { _ in
            for path in [fixture.folder.path, fixture.data, fixture.socket] {
                try FileManager.default.setAttributes(
                    [.posixPermissions: 0o777], ofItemAtPath: path)
            }
            let script = """
                import socket
                peer = socket.socket(socket.AF_UNIX)
                peer.connect("\(fixture.socket)")
                print(peer.makefile().read(), end="")
                """
            return try await onOwnThread {
                try Shell().output(
                    "/usr/sbin/runuser -u nobody -- /usr/bin/python3 -c '\(script)'")
            }
        }
        #expect(
            answer
                == #"{"failure":"not_permitted","message":"only root and the user that the server "#
                + #"runs as may use its control socket"}"# + "\n")
        let log = fixture.log.withLock(\.self)
        #expect(log.count == 1)
        #expect(log.first?.hasPrefix("warning control connection refused peer.user=") == true)
    }
}

extension ControlAnswer {
    fileprivate var account: AccountRecord? {
        guard case .account(let account, _) = self else { return nil }
        return account
    }

    fileprivate var hasChanged: Bool? {
        guard case .account(_, let changed) = self else { return nil }
        return changed
    }

    fileprivate var accounts: [AccountRecord] {
        guard case .accounts(let accounts) = self else { return [] }
        return accounts
    }

    fileprivate var failure: ControlFailure? {
        guard case .failure(let failure) = self else { return nil }
        return failure
    }
}
