import Foundation
import TestSupport
import Testing

@Suite("when the store cannot be used", .blocking, .serialized)
struct StoreFailureTests {
    @Test("a disk that fills up: tokens still work, accounts wait, and come back with the space")
    func fullDisk() throws {
        guard canMount("a full disk") else { return }
        let disk = try SmallDisk()
        defer { disk.site.stop() }
        let gate = disk.site.gate
        var (person, live) = try gate.newcomer()
        let (_, out) = try gate.newcomer()
        #expect(try gate.exchange(AccountRequest.signOut(out.access)).status == 204)

        // What has room in files that are there already may still be written.
        let filler = SpaceFiller(in: disk.site.data)
        let full = try Deadline.after(.seconds(30)).waits {
            try filler.fill()
            let answer = try gate.exchange(AccountRequest.refresh(live.refresh))
            if answer.status == 200 { live = try TokenPair(answer) }
            #expect([200, 503].contains(answer.status))
            return answer.status == 503
        }
        #expect(full)
        try filler.fill()
        try expectTokensOnly(gate, live: live, out: out, person, isOpen: true)
        try expectComplaint(gate, ["store.error", "full; make room", "store.folder"])

        filler.empty()
        try expectRecovery(gate, live: live, out: out, &person)
    }

    @Test("a disk that is full at the start, after an orderly end and after none")
    func fullAtStart() throws {
        guard canMount("a full disk") else { return }
        let disk = try SmallDisk()
        defer { disk.site.stop() }
        var (person, live) = try disk.site.gate.newcomer()
        let (_, out) = try disk.site.gate.newcomer()
        #expect(try disk.site.gate.exchange(AccountRequest.signOut(out.access)).status == 204)
        for isKilled in [false, true] {
            // A log that was left behind has room for nothing new, and can be read.
            if isKilled { disk.site.gate.killNow() } else { disk.site.gate.stop() }
            let filler = SpaceFiller(in: disk.site.data)
            try filler.fill()
            try disk.site.start()
            let gate = disk.site.gate
            try expectTokensOnly(gate, live: live, out: out, person, isOpen: isKilled)
            try expectComplaint(gate, ["store.error", "full; make room", "store.folder"])
            filler.empty()
            live = try expectRecovery(gate, live: live, out: out, &person)
        }
    }

    @Test("a folder that is read-only at the start")
    func readOnly() throws {
        guard canMount("a read-only folder") else { return }
        let disk = try SmallDisk()
        defer { disk.site.stop() }
        var (person, live) = try disk.site.gate.newcomer()
        let (_, out) = try disk.site.gate.newcomer()
        #expect(try disk.site.gate.exchange(AccountRequest.signOut(out.access)).status == 204)
        // After an orderly end, and after none: with a write-ahead log left behind.
        for isKilled in [false, true] {
            if isKilled { disk.site.gate.killNow() } else { disk.site.gate.stop() }
            try disk.mount.set(readOnly: true)
            let command = try disk.site.gate.command(AccountCommand.grant("admin", to: person))
            #expect(command.status == 1 && command.complaints.count == 1, "\(command.error)")
            try disk.site.start()
            let gate = disk.site.gate
            try expectComplaint(gate, ["store.error", "takes no writes"])
            try expectTokensOnly(gate, live: live, out: out, person)
            let second = try gate.command(["serve"])
            #expect(second.status == 1 && second.complaints.count == 1, "\(second.error)")
            let asked = try gate.command(AccountCommand.list)
            #expect(asked.status == 1 && asked.complaints.count == 1, "\(asked.error)")
            #expect(asked.error.contains("on a read-only file system, so the server"))
            try disk.mount.set(readOnly: false)
            live = try expectRecovery(gate, live: live, out: out, &person)
        }
    }

    @Test("a schema of a newer version, and back")
    func newerSchema() throws {
        let site = try RestartableGate { $0.useAccounts(defaultRoles: ["viewer"]) }
        defer { site.stop() }
        var (person, live) = try site.gate.newcomer()
        let (_, out) = try site.gate.newcomer()
        #expect(try site.gate.exchange(AccountRequest.signOut(out.access)).status == 204)
        site.gate.stop()
        let future = "v999-of-the-future"
        try sqlite(site.data, "INSERT INTO grdb_migrations (identifier) VALUES ('\(future)')")
        try site.start()
        try expectComplaint(site.gate, ["store.error", "newer"])
        try expectTokensOnly(site.gate, live: live, out: out, person)
        site.gate.stop()
        let command = try site.gate.command(AccountCommand.list)
        #expect(command.status == 1 && command.complaints.count == 1, "\(command.error)")
        #expect(command.error.contains("newer"))

        try sqlite(site.data, "DELETE FROM grdb_migrations WHERE identifier = '\(future)'")
        try site.start()
        try expectRecovery(site.gate, live: live, out: out, &person)
    }

    @Test("a file that is no database", arguments: ["header", "middle", "empty", "folder"])
    func damaged(part: String) throws {
        let site = try RestartableGate { $0.useAccounts(defaultRoles: ["viewer"]) }
        defer { site.stop() }
        let (person, live) = try site.gate.newcomer()
        site.gate.stop()
        let file = "\(site.data)/ostiary.sqlite"
        let whole = try #require(FileManager.default.contents(atPath: file))
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: file + suffix)
        }
        #expect(whole.count > 8_192)
        try FileManager.default.removeItem(atPath: file)
        switch part {
        case "header":
            try site.folder.write(
                "data/ostiary.sqlite", [UInt8](repeating: 0x58, count: 100) + whole.dropFirst(100))
        case "middle":
            try site.folder.write(
                "data/ostiary.sqlite",
                whole.prefix(2_048) + [UInt8](repeating: 0x58, count: whole.count - 2_048))
        case "folder":
            try FileManager.default.createDirectory(
                atPath: file, withIntermediateDirectories: false)
        default:
            try site.folder.write("data/ostiary.sqlite", "no database, but a letter")
        }
        let command = try site.gate.command(AccountCommand.list)
        #expect(command.status == 1 && command.complaints.count == 1, "\(command.error)")
        #expect(command.error.contains(site.data), "\(command.error)")

        // Whose session has ended cannot be told, so nobody is let in on the strength of a session.
        let served = try site.gate.command(["serve"], within: .seconds(10))
        #expect(served.status == 1 && served.complaints.count == 1, "\(served.error)")
        #expect(served.error.contains(site.data), "\(served.error)")
        // What was there is left for whoever can repair it.
        #expect(FileManager.default.fileExists(atPath: file))

        try FileManager.default.removeItem(atPath: file)
        try site.folder.write("data/ostiary.sqlite", whole)
        try site.start()
        #expect(try site.gate.status("/api/x", live.access) == 200)
        _ = try site.gate.signIn(person)
    }

    /// Tokens are judged as ever; nothing else works, and nobody is told that a credential is bad.
    /// With `isOpen` the store can be read.
    private func expectTokensOnly(
        _ gate: GateProcess, live: TokenPair, out: TokenPair, _ person: Person,
        isOpen: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        var requests = [
            AccountRequest.refresh(live.refresh), AccountRequest.signIn(person),
            AccountRequest.register(Person()),
            AccountRequest.patchMe(live.access, #"{"bio":"never"}"#),
            AccountRequest.signOut(live.access),
        ]
        // What an open store can answer without a change, it may.
        if !isOpen {
            requests += [
                AccountRequest.me(live.access), AccountRequest.signIn("nobody", "no password"),
                AccountRequest.refresh(out.refresh),
            ]
        }
        for (number, request) in requests.enumerated() {
            let answer = try gate.exchange(request)
            let wait = answer.value("Retry-After").flatMap { Int($0) }
            #expect(answer.status == 503, "request \(number)", sourceLocation: sourceLocation)
            #expect(
                answer.text.contains("store_unavailable")
                    || answer.oauthError == "temporarily_unavailable",
                "request \(number): \(answer.text)", sourceLocation: sourceLocation)
            #expect((1...600).contains(wait ?? 0), sourceLocation: sourceLocation)
        }
        #expect(try gate.status("/api/x", live.access) == 200, sourceLocation: sourceLocation)
        #expect(try gate.status("/api/x", out.access) == 401, sourceLocation: sourceLocation)
        #expect(try gate.status("/public/x", nil) == 200, sourceLocation: sourceLocation)
        let keys = try gate.exchange(AccountRequest.get("/.well-known/jwks.json"))
        #expect(keys.status == 200, sourceLocation: sourceLocation)
    }

    /// Everything works again without a restart; what was refused meanwhile was not half done.
    @discardableResult
    private func expectRecovery(
        _ gate: GateProcess, live: TokenPair, out: TokenPair, _ person: inout Person,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> TokenPair {
        let recovered = try Deadline.after(.seconds(20)).waits {
            try gate.exchange(AccountRequest.signIn(person)).status == 200
        }
        #expect(recovered, "\(gate.log.suffix(2_000))", sourceLocation: sourceLocation)
        let fresh = try gate.refresh(live.refresh)
        #expect(try gate.status("/api/x", fresh.access) == 200, sourceLocation: sourceLocation)
        #expect(try gate.status("/api/x", out.access) == 401, sourceLocation: sourceLocation)
        let refused = try gate.exchange(AccountRequest.refresh(out.refresh))
        #expect(refused.status == 400, sourceLocation: sourceLocation)
        let me = try gate.exchange(AccountRequest.me(fresh.access)).object()
        #expect(me.string("bio") == "", sourceLocation: sourceLocation)
        // The commands reach the server too.
        let (newcomer, tokens) = try gate.newcomer(roles: ["admin"])
        #expect(try gate.status("/admin/x", tokens.access) == 200, sourceLocation: sourceLocation)
        #expect(
            try gate.command(AccountCommand.disable(newcomer)).status == 0,
            sourceLocation: sourceLocation)
        #expect(try gate.status("/api/x", tokens.access) == 401, sourceLocation: sourceLocation)
        return fresh
    }

    /// Expects exactly one line of the log with these words.
    private func expectComplaint(
        _ gate: GateProcess, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(gate.logLine(with: words) != nil, "\(gate.log)", sourceLocation: sourceLocation)
        let lines = gate.log.split(separator: "\n").filter { line in
            words.allSatisfy { line.contains($0) }
        }
        #expect(lines.count == 1, "\(lines)", sourceLocation: sourceLocation)
    }

    private func canMount(_ what: String) -> Bool {
        guard let obstacle = Mount.obstacle() else { return true }
        print("StoreFailureTests: \(what) is not tried: \(obstacle)")
        return false
    }

    private func sqlite(_ data: String, _ statement: String) throws {
        let process = try ChildProcess(
            "/usr/bin/env", ["sqlite3", "\(data)/ostiary.sqlite", statement])
        guard process.exitStatus(within: .seconds(10)) == 0 else {
            throw SupportError("sqlite3: \(process.standardError)")
        }
    }
}

/// A gate whose data folder is a file system of its own.
private final class SmallDisk {
    let site: RestartableGate
    let mount: Mount

    init() throws {
        var mounted: Mount?
        site = try RestartableGate {
            $0.useAccounts(defaultRoles: ["viewer"])
        } prepare: { folder in
            let data = folder.path + "/data"
            try FileManager.default.createDirectory(
                atPath: data, withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
            mounted = try Mount(memory: 16 << 20, at: data)
        }
        guard let mounted else { throw SupportError("nothing was mounted") }
        mount = mounted
    }

    /// The folder, which goes with the site, cannot be removed with something mounted in it.
    deinit { mount.end() }
}
