import Foundation
import TestSupport
import Testing

@Suite("one data folder", .blocking, .serialized)
struct DataFolderTests {
    @Test("a second server says so in one line and ends; the first goes on")
    func secondServer() throws {
        let site = try site()
        defer { site.stop() }
        let (_, tokens) = try site.gate.newcomer()
        for _ in 1...2 {
            let second = try site.gate.command(["serve"])
            #expect(second.status == 1)
            #expect(second.complaints.count == 1, "\(second.error)")
            #expect(second.error.hasPrefix("ostiary: ") && second.error.contains(site.data))
            #expect(second.output == "")
        }
        #expect(site.gate.isRunning)
        #expect(try site.gate.status("/api/x", tokens.access) == 200)
        #expect(try site.gate.refresh(tokens.refresh).refresh != tokens.refresh)
        _ = try site.gate.newcomer()
        // The first still has its control socket: what it is told is in force at once.
        let (person, others) = try site.gate.newcomer()
        #expect(try site.gate.command(AccountCommand.disable(person)).status == 0)
        #expect(try site.gate.status("/api/x", others.access) == 401)
    }

    @Test("commands go through the running server, and to the folder itself when there is none")
    func bothWays() throws {
        let site = try site()
        defer { site.stop() }
        let gate = site.gate
        let (alice, tokens) = try gate.newcomer("alice")
        let (bob, bobsTokens) = try gate.newcomer("bob")
        gate.stop()

        let carol = Person("carol")
        let created = try gate.command(
            AccountCommand.create(carol, roles: ["viewer"]), input: carol.password + "\n")
        #expect(created.status == 0, "\(created.error)")
        #expect(try gate.command(AccountCommand.grant("admin", to: alice)).status == 0)
        #expect(try gate.command(AccountCommand.disable(bob)).status == 0)
        let shown = try gate.command(AccountCommand.show(alice))
        #expect(shown.status == 0 && shown.output.contains(alice.email))

        try site.start()
        #expect(try site.gate.status("/api/x", tokens.access) == 200)
        let refreshed = try site.gate.refresh(tokens.refresh)
        #expect(try site.gate.status("/admin/x", refreshed.access) == 200)
        #expect(try site.gate.status("/api/x", bobsTokens.access) == 401)
        #expect(try site.gate.exchange(AccountRequest.signIn(bob)).status == 401)
        #expect(try site.gate.status("/api/x", try site.gate.signIn(carol).access) == 200)

        // What no store could tell a running server: the refusal of a token it has seen before.
        #expect(try site.gate.command(AccountCommand.disable(alice)).status == 0)
        #expect(try site.gate.status("/api/x", refreshed.access) == 401)
    }

    @Test("kill -9 leaves neither a lock nor a socket that is in anybody's way")
    func afterKill() throws {
        let site = try site()
        defer { site.stop() }
        let (alice, tokens) = try site.gate.newcomer("alice")
        site.gate.killNow()
        #expect(FileManager.default.fileExists(atPath: "\(site.data)/control.sock"))
        let granted = try site.gate.command(AccountCommand.grant("admin", to: alice))
        #expect(granted.status == 0, "\(granted.error)")
        try site.start()
        #expect(try site.gate.status("/api/x", tokens.access) == 200)
        let fresh = try site.gate.refresh(tokens.refresh)
        #expect(try site.gate.status("/admin/x", fresh.access) == 200)
        #expect(try site.gate.command(AccountCommand.disable(alice)).status == 0)
        #expect(try site.gate.status("/api/x", fresh.access) == 401)
        #expect(try site.gate.command(["serve"]).status == 1)
    }

    @Test("several commands at once all do what they say", arguments: [true, false])
    func commandsAtOnce(serverRuns: Bool) throws {
        let site = try site()
        defer { site.stop() }
        let gate = site.gate
        if !serverRuns { gate.stop() }
        let people = (0..<6).map { _ in Person("many") }
        let failures = Locked<[String]>([])
        DispatchQueue.concurrentPerform(iterations: people.count) { index in
            do {
                let result = try gate.command(
                    AccountCommand.create(people[index], roles: ["viewer"]),
                    input: people[index].password + "\n", within: .seconds(60))
                if result.status != 0 { failures.withLock { $0.append(result.error) } }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        if !serverRuns { try site.start() }
        for person in people {
            #expect(try site.gate.status("/api/x", try site.gate.signIn(person).access) == 200)
        }
    }

    @Test("after an orderly end, the database file alone holds everything")
    func wholeFile() throws {
        let site = try site()
        defer { site.stop() }
        let (alice, _) = try site.gate.newcomer("alice")
        site.gate.stop()
        let copy = try TemporaryFolder("copy")
        let bytes = try #require(
            FileManager.default.contents(atPath: "\(site.data)/ostiary.sqlite"))
        let file = try copy.write("copy.sqlite", bytes)
        let query = try ChildProcess(
            "/usr/bin/env", ["sqlite3", file, "SELECT username, email FROM users"])
        #expect(query.exitStatus(within: .seconds(10)) == 0, "\(query.standardError)")
        #expect(query.standardOutput == "\(alice.username)|\(alice.email)\n")
    }

    @Test("nobody else can read anything in it")
    func modes() throws {
        let site = try site()
        defer { site.stop() }
        _ = try site.gate.newcomer(roles: ["admin"])
        let before = try FileManager.default.subpathsOfDirectory(atPath: site.data)
        for name in ["ostiary.sqlite", "ostiary.lock", "control.sock", "keys"] {
            #expect(before.contains(name))
        }
        for name in before + ["."] {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: "\(site.data)/\(name)")
            let mode = try #require(attributes[.posixPermissions] as? NSNumber).intValue
            let isFolder = attributes[.type] as? FileAttributeType == .typeDirectory
            #expect(mode == (isFolder ? 0o700 : 0o600), "\(name) is \(String(mode, radix: 8))")
        }
    }

    @Test("nonsense on the control socket harms nobody, and does not hold up the end")
    func controlNonsense() throws {
        let site = try site()
        defer { site.stop() }
        let (_, tokens) = try site.gate.newcomer()
        let path = "\(site.data)/control.sock"
        let kept = try Socket.connect(toFile: path)
        let nonsense = [
            "\n", "{}\n", "null\n", "{\"command\":\"\u{0}\"}\n", "GET / HTTP/1.1\r\n\r\n",
            String(repeating: "[", count: 60_000) + "\n", String(repeating: "a", count: 200_000),
            "{\"command\":", "",
        ]
        for text in nonsense {
            let socket = try Socket.connect(toFile: path)
            // The server may have had enough before it has taken everything.
            _ = try? socket.send(Array(text.utf8), by: .after(.seconds(5)))
            socket.finishSending()
            var answer: [UInt8] = []
            while let more = try? socket.receive(by: .after(.seconds(5))) { answer += more }
            #expect(answer.count < 1_000)
            #expect(try site.gate.status("/api/x", tokens.access) == 200)
        }
        #expect(try site.gate.command(AccountCommand.list).status == 0)
        try kept.send(Array("{".utf8), by: .after(.seconds(5)))
        let end = ContinuousClock.now
        #expect(site.gate.stop() == 0)
        #expect(ContinuousClock.now - end < .seconds(8))
    }

    @Test("the first administrator is made as the start says")
    func firstAdministrator() throws {
        let site = try site()
        defer { site.stop() }
        let line = try #require(site.gate.logLine(with: ["no account yet"]))
        #expect(line.contains("ostiary user superuser"))
        let root = Person("root")
        let made = try site.gate.command(
            AccountCommand.superuser(root), input: root.password + "\n")
        #expect(made.status == 0, "\(made.error)")
        let tokens = try site.gate.signIn(root)
        #expect(try site.gate.status("/admin/x", tokens.access) == 200)
        let user = try site.gate.exchange(AccountRequest.me(tokens.access)).object()
        #expect(user.bool("is_superuser") == true && user.bool("is_staff") == true)
        try site.restart()
        #expect(!site.gate.log.contains("no account yet"))
    }

    private func site() throws -> RestartableGate {
        try RestartableGate { $0.useAccounts(defaultRoles: ["viewer"]) }
    }
}
