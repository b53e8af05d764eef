import Foundation
import TestSupport

/// Asks a gate and its commands for everything, well and badly, and notes every secret on the way
/// and all that was written for people to read.
struct SecretRecorder {
    let gate: GateProcess
    private(set) var secrets = Secrets()
    /// What was given as a name, which an answer may repeat, and a log may not.
    private(set) var names = Secrets()
    /// What commands and the control socket wrote, and answers that hold no tokens.
    private(set) var written = ""
    private(set) var requestCount = 0
    private(set) var commandCount = 0

    /// Stands in `written` for a command that did not end.
    static let unfinished = "A COMMAND DID NOT END"

    init(_ gate: GateProcess) {
        self.gate = gate
    }

    mutating func driveEndpoints() throws {
        let alice = person("alice")
        refused(AccountRequest.signIn(alice))
        refused(AccountRequest.register(alice))
        refused(AccountRequest.register(alice))
        let first = try tokens(AccountRequest.signIn(alice), "alice")
        let second = try tokens(AccountRequest.refresh(first.refresh), "alice's second")
        let third = try tokens(AccountRequest.refresh(second.refresh), "alice's third")
        let other = try tokens(AccountRequest.signIn(alice), "alice's other")
        refused(AccountRequest.get("/api/x", third.access))
        refused(AccountRequest.me(third.access))
        refused(AccountRequest.patchMe(third.access, #"{"bio":"b"}"#))

        let bad = password("bad-sign-in")
        let name = Person.newPassword()
        names.add("a password as a name", name)
        refused(AccountRequest.signIn(alice.username, bad))
        // In the wrong field, in the wrong place, in the wrong form.
        refused(AccountRequest.signIn(alice.password, bad))
        refused(AccountRequest.signIn("\(alice.password)@people.test", bad))
        let signIn = "/_ostiary/v1/sign-in"
        for body in [
            #"{"login":"x","password":"\#(alice.password)""#,
            #"{"login":"x","password":"\#(alice.password)","\#(name)":1}"#,
            #"{"login":{"\#(bad)":1},"password":["\#(alice.password)"]}"#,
            #"{"login":"x","password":"\#(alice.password)","password":"\#(bad)"}"#,
            "login=x&password=\(alice.password)", "\"\(alice.password)\"",
        ] {
            refused(AccountRequest.json("POST", signIn, body))
            refused(AccountRequest.form(signIn, body))
        }
        refused(AccountRequest.get("\(signIn)?login=x&password=\(alice.password)"))
        refused(
            AccountRequest.get(
                "/_ostiary/oauth/token?refresh_token=\(third.refresh)&access_token=\(third.access)")
        )
        refused(AccountRequest.get("/_ostiary/v1/me?access_token=\(third.access)"))
        refused(AccountRequest.get("/_ostiary/v1/me", third.refresh))
        refused(AccountRequest.get("/_ostiary/v1/me", "\(third.access)x"))
        refused(AccountRequest.me("\(third.access) \(other.access)"))
        refused(AccountRequest.patchMe(other.access, #"{"password":"\#(password("patched"))"}"#))
        refused(AccountRequest.patchMe(other.access, #"{"\#(name)":1}"#))
        refused(AccountRequest.signOut(other.access, scope: password("scope")))
        for body in [
            "grant_type=refresh_token&refresh_token=\(third.refresh)x",
            "grant_type=password&username=alice&password=\(alice.password)",
            "grant_type=\(bad)&refresh_token=\(third.refresh)",
            "refresh_token=\(third.refresh)", "client_id=\(bad)&refresh_token=%zz\(third.refresh)",
            "grant_type=refresh_token&refresh_token=\(third.access)",
        ] {
            refused(AccountRequest.form("/_ostiary/oauth/token", body))
        }
        let registration = Person("weak")
        for password in ["zq-Short-7", password("long") + String(repeating: "x", count: 1_100)] {
            secrets.add("a refused password", password)
            var weak = registration
            weak.password = password
            refused(AccountRequest.register(weak))
        }
        // A framing error behind a secret, and a secret in a field line.
        refused(
            AccountRequest.json(
                "POST", signIn, #"{"password":"\#(alice.password)"}"#,
                fields: ["Transfer-Encoding: chunked"]))
        refused(
            AccountRequest.get("/_ostiary/v1/me", fields: ["Cookie: session=\(third.access)"]))
        refused(AccountRequest.refresh(first.refresh))
        refused(AccountRequest.get("/api/x", third.access))
        refused(AccountRequest.signOut(other.access))
        refused(AccountRequest.get("/api/x", other.access))
    }

    mutating func driveCommands() throws {
        let bob = person("bob")
        let weak = Person("weak")
        command(AccountCommand.create(bob, roles: ["viewer"]), bob.password)
        command(AccountCommand.create(bob), bob.password)
        command(AccountCommand.create(weak), noted("zq-Short-8"))
        command(AccountCommand.create(weak), noted(password("long") + long))
        command(AccountCommand.create(weak), "")
        command(AccountCommand.create(weak, roles: ["nobody-declared"]), password("role"))
        command(AccountCommand.create(weak), password("two") + "\n" + password("lines"))
        command(AccountCommand.superuser(bob), password("super"))
        command(AccountCommand.list, "")
        command(AccountCommand.show(bob), "")
        command(AccountCommand.set(bob, ["--full-name", "Bob"]), "")
        command(AccountCommand.set(bob, ["--email", "no address"]), "")
        command(AccountCommand.passwd(bob), password("bob's new"))
        command(AccountCommand.passwd(bob), noted("zq-Short-9"))
        command(AccountCommand.passwd(weak), password("nobody's"))
        command(AccountCommand.grant("admin", to: bob), "")
        command(AccountCommand.grant("admn", to: bob), "")
        command(AccountCommand.revoke("admin", from: bob), "")
        command(AccountCommand.disable(bob), "")
        command(AccountCommand.enable(bob), "")
        // A password is no argument, and is not repeated when it is one.
        let argument = password("argument")
        command(["user", "passwd", bob.username, "--password", argument], "")
        command(["user", "passwd", bob.username, "--password=\(argument)"], "")
        let folder = try TemporaryFolder("password")
        let file = try folder.write("password", password("file") + "\n")
        command(["user", "passwd", bob.username, "--password-file", file], "")
        let short = try folder.write("short", noted("zq-Short-10"))
        command(["user", "passwd", bob.username, "--password-file", short], "")
        command(["user", "passwd", bob.username, "--password-file", folder.path], "")
    }

    /// Speaks to the control socket what no command would say.
    mutating func driveControlSocket() throws {
        let secret = password("control")
        let path = gate.data + "/control.sock"
        for line in [
            #"{"password":"\#(secret)"}"#, #"{"command":"\#(secret)"}"#, secret,
            #"{"command":"create","password":"\#(secret)""#, #"["\#(secret)"]"#,
            #"{"\#(secret)":{"\#(secret)":"\#(secret)"}}"#,
        ] {
            let socket = try Socket.connect(toFile: path)
            try socket.send(Array((line + "\n").utf8), by: .after(.seconds(5)))
            socket.finishSending()
            while let more = try? socket.receive(by: .after(.seconds(5))) {
                written += latin1(more)
            }
            commandCount += 1
        }
    }

    /// Notes the hashes in the database and the keys in the folder.
    mutating func collectStored(in data: String) throws {
        let dump = try ChildProcess("/usr/bin/env", ["sqlite3", "\(data)/ostiary.sqlite", ".dump"])
        guard dump.exitStatus(within: .seconds(20)) == 0 else {
            throw SupportError("sqlite3: \(dump.standardError)")
        }
        let text = dump.standardOutput
        var hashes = 0
        for word in text.split(whereSeparator: { "',()".contains($0) })
        where word.hasPrefix("$argon2id$") || word.hasPrefix("p=1$") {
            hashes += 1
            for part in word.split(separator: "$").suffix(2) { secrets.add("a hash", String(part)) }
        }
        guard hashes > 0 else { throw SupportError("no hash in the database") }
        // Secrets' hashes and salts are the only binary values of 32 bytes.
        for word in text.split(separator: "X'").dropFirst() {
            let digits = word.prefix { $0.isHexDigit }
            if digits.utf8.count == 64 { secrets.add("a token's hash", bytes(hex: digits)) }
        }
        var keyFiles = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: data) {
            let content = FileManager.default.contents(atPath: "\(data)/\(name)") ?? Data()
            guard !name.hasPrefix("ostiary."), !content.isEmpty else { continue }
            keyFiles += 1
            if name.hasSuffix(".pem") {
                let lines = String(decoding: content, as: UTF8.self).split(separator: "\n")
                for line in lines where !line.hasPrefix("-----") {
                    secrets.add("a signing key", String(line))
                }
            } else {
                for start in stride(from: 0, to: content.count, by: 32) {
                    secrets.add("a key", Array(content.dropFirst(start).prefix(32)))
                }
            }
        }
        guard keyFiles >= 2 else { throw SupportError("only \(keyFiles) key files") }
    }

    private let long = String(repeating: "x", count: 1_100)

    private mutating func person(_ name: String) -> Person {
        let person = Person(name)
        secrets.add("\(name)'s password", person.password)
        return person
    }

    private mutating func password(_ label: String) -> String {
        noted(Person.newPassword(), label)
    }

    private mutating func noted(_ text: String, _ label: String = "a refused") -> String {
        secrets.add("\(label) password", text)
        return text
    }

    private mutating func tokens(_ request: String, _ label: String) throws -> TokenPair {
        requestCount += 1
        let tokens = try TokenPair(try gate.exchange(request))
        secrets.add(tokens, label)
        return tokens
    }

    /// Sends what is answered without tokens; whether it is refused is for other tests.
    private mutating func refused(_ request: String) {
        requestCount += 1
        guard let client = try? gate.connect() else { return }
        _ = client.sendTolerantly(wireBytes(request))
        guard let answer = try? client.response() else { return }
        // The app of these tests answers with all that it was sent, so it is left out.
        if answer.value("Cache-Control") == "no-store" { written += answer.text + "\n" }
    }

    private mutating func command(_ arguments: [String], _ input: String) {
        commandCount += 1
        guard let result = try? gate.command(arguments, input: input.isEmpty ? "" : input + "\n")
        else {
            written += Self.unfinished
            return
        }
        written += result.output + result.error
    }
}

private func bytes(hex digits: Substring) -> [UInt8] {
    var result: [UInt8] = []
    var rest = digits
    while rest.count >= 2 {
        result.append(UInt8(rest.prefix(2), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
    }
    return result
}
