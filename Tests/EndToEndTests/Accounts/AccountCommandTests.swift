import Foundation
import TestSupport
import Testing

@Suite("account commands", .blocking, .serialized)
struct AccountCommandTests {
    @Test("the first administrator is there before the first start of the server")
    func beforeTheServer() throws {
        let root = Person("root")
        let site = try RestartableGate {
            $0.useAccounts(mode: "closed")
        } prepare: { folder in
            var configuration = GateProcess.Configuration(upstreamPort: 9)
            configuration.useAccounts(mode: "closed")
            let file = try configuration.write(to: folder)
            let made = try OstiaryCommand.run(
                AccountCommand.superuser(root) + ["--config", file], input: root.password + "\n")
            #expect(made.status == 0, "\(made.error)")
        }
        defer { site.stop() }
        #expect(site.gate.logLine(with: ["no account yet"], within: .milliseconds(200)) == nil)
        let tokens = try site.gate.signIn(root)
        #expect(try site.gate.status("/admin/x", tokens.access) == 200)
    }

    @Test("a role that is taken away is gone from the next token on")
    func revokedRole() throws {
        let site = try RestartableGate { $0.useAccounts() }
        defer { site.stop() }
        let (person, tokens) = try site.gate.newcomer(roles: ["admin"])
        #expect(try site.gate.status("/admin/x", tokens.access) == 200)
        let revoked = try site.gate.command(AccountCommand.revoke("admin", from: person))
        #expect(revoked.status == 0, "\(revoked.error)")
        let fresh = try site.gate.refresh(tokens.refresh)
        #expect(try site.gate.status("/admin/x", fresh.access) == 403)
        #expect(try fresh.claims().strings("roles") == [])
    }

    @Test("lists, shows and changes the same with a server and without", arguments: [true, false])
    func report(serverRuns: Bool) throws {
        let site = try RestartableGate { $0.useAccounts(defaultRoles: ["viewer"]) }
        defer { site.stop() }
        let gate = site.gate
        let (bob, _) = try gate.newcomer("Bob")
        let (alice, _) = try gate.newcomer("alice", roles: ["admin"])
        if !serverRuns { gate.stop() }

        let changed = try gate.command(
            AccountCommand.set(alice, ["--bio", "gardener", "--add-group", "ops", "--staff"]))
        #expect(changed.status == 0, "\(changed.error)")
        let shown = try gate.command(AccountCommand.show(alice) + ["--json"])
        #expect(shown.status == 0 && shown.error == "")
        let user = try JSONObject(Array(shown.output.utf8))
        #expect(user.string("bio") == "gardener" && user.string("email") == alice.email)
        #expect(user.strings("groups") == ["ops"] && user.bool("is_staff") == true)
        #expect(user.strings("roles") == ["admin", "viewer"])
        for selector in [alice.email.uppercased(), user.string("id") ?? ""] {
            let again = try gate.command(["user", "show", selector, "--json"])
            #expect(again.output == shown.output)
        }

        let listed = try gate.command(AccountCommand.list + ["--json"])
        let all = try JSONObject(Array("{\"all\":\(listed.output)}".utf8)).objects("all")
        #expect(all?.compactMap { $0.string("username") } == [alice.username, bob.username])
        let table = try gate.command(AccountCommand.list)
        #expect(table.output.contains(alice.email) && table.output.contains(bob.username))

        for wrong in [
            AccountCommand.grant("nobody", to: alice), AccountCommand.show(Person()),
            AccountCommand.set(alice, ["--email", bob.email]),
            AccountCommand.set(alice, ["--username", bob.username.uppercased()]),
            AccountCommand.set(alice, ["--birth-date", "1990-02-30"]),
        ] {
            let result = try gate.command(wrong)
            #expect(result.status == 1 && result.complaints.count == 1, "\(result.error)")
            #expect(result.error.hasPrefix("ostiary: ") && result.output == "")
        }
        #expect(
            try gate.command(AccountCommand.show(alice) + ["--json"]).output == shown.output)
    }

    @Test("a password is asked for twice at the terminal, and not shown there")
    func prompt() throws {
        let site = try RestartableGate { $0.useAccounts(defaultRoles: ["viewer"]) }
        defer { site.stop() }
        let person = Person("typist")
        let slip = Person.newPassword()
        let command = AccountCommand.create(person).filter { $0 != "--password-stdin" }
        // Too short; then two different ones; then right.
        let typed = ["zq-Short-7", slip, slip + "x", person.password, person.password]
        let screen = try terminal(
            command + ["--config", site.gate.configurationFile], typing: typed)
        #expect(screen.status == 0, "\(screen.output)")
        #expect(screen.output.contains(person.username))
        for secret in typed { #expect(!screen.output.contains(secret)) }
        _ = try site.gate.signIn(person)

        // Without a terminal nobody is asked, and nobody waits.
        let nobody = try site.gate.command(command, input: person.password + "\n")
        #expect(nobody.status != 0 && nobody.error.contains("--password-stdin"))
    }

    /// Runs a command at a terminal of its own, at which each line is typed when a question stands
    /// there; returns all that was to be seen.
    private func terminal(
        _ arguments: [String], typing lines: [String]
    ) throws -> CommandResult {
        let script = """
            import os, pty, sys
            lines = sys.stdin.read().splitlines()
            child, terminal = pty.fork()
            if child == 0:
                os.execv(sys.argv[1], sys.argv[1:])
            seen = b""
            unread = b""
            while True:
                try:
                    data = os.read(terminal, 4096)
                except OSError:
                    break
                if not data:
                    break
                seen += data
                unread += data
                if unread.endswith(b": ") and lines:
                    os.write(terminal, lines.pop(0).encode() + b"\\n")
                    unread = b""
            sys.stdout.write(seen.decode())
            sys.stdout.flush()
            os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
            """
        let process = try ChildProcess(
            "/usr/bin/env", ["python3", "-c", script, BuiltProgram.ostiary.path()] + arguments,
            input: lines.joined(separator: "\n") + "\n")
        guard let status = process.exitStatus(within: .seconds(30)) else {
            process.killNow()
            throw SupportError("the command at the terminal does not end")
        }
        return CommandResult(
            status: status, output: process.standardOutput, error: process.standardError)
    }
}
