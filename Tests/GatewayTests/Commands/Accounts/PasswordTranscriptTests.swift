import TestSupport
import Testing

@Suite("Passwords at the command line", .blocking)
struct PasswordTranscriptTests {
    private let shell: Shell

    init() throws { shell = try Shell() }

    @Test("a generated password is printed once, and is a new one each time")
    func generated() throws {
        let words = try ["alice", "bob"].map { name in
            let said = try shell.output(
                "ostiary user create \(name) --email \(name)@example.com --generate-password")
            let lines = said.split(separator: "\n")
            #expect(lines.count == 2)
            let word = try #require(lines.last?.split(separator: ": ").last)
            #expect(lines.last == "password: \(word)")
            #expect(word.wholeMatch(of: /[0-9a-z]{5}(-[0-9a-z]{5}){4}/) != nil)
            return word
        }
        #expect(words[0] != words[1])
        #expect(
            try shell.output("ostiary user passwd alice --generate-password")
                .hasPrefix("changed the password of `alice`; its sessions have ended\npassword: "))
        let long = try shell.output(
            "ostiary user passwd alice --generate-password --set passwords.min_length=100")
        #expect(try #require(long.split(separator: ": ").last).count > 100)
    }

    @Test(
        "a password from standard input or a file is taken without the line's end",
        arguments: [
            "printf 'long enough for all' | ostiary user create a --email a@b.test --password-stdin",
            "printf 'long enough for all\\n' | ostiary user create a --email a@b.test "
                + "--password-stdin",
            "printf 'long enough for all\\r\\n' > f && ostiary user create a --email a@b.test "
                + "--password-file f",
            "printf 'pässwörter mit Ümläut' | ostiary user create a --email a@b.test "
                + "--password-file /dev/stdin",
        ])
    func read(line: String) throws {
        #expect(try shell.output(line).hasPrefix("created `a`"))
    }

    @Test(
        "what is no password is one line and status 1",
        arguments: [
            (
                "printf '' | ostiary user create a --email a@b.test --password-stdin",
                "there is no password in standard input"
            ),
            (
                "printf '\\n' > f && ostiary user create a --email a@b.test --password-file f",
                "there is no password in the password file `f`"
            ),
            (
                "ostiary user create a --email a@b.test --password-file none",
                "cannot read the password file `none`: no such file or directory"
            ),
            (
                "printf 'one\\ntwo\\n' | ostiary user create a --email a@b.test --password-stdin",
                "there is more than one line in standard input; write only the password"
            ),
            (
                "printf 'latin \\351 and long enough' | ostiary user create a --email a@b.test "
                    + "--password-stdin",
                "the password in standard input is not UTF-8"
            ),
            (
                "printf 'too short\\n' | ostiary user create a --email a@b.test --password-stdin",
                "`password` must have at least 15 characters"
            ),
            (
                "yes 0123456789 | tr -d '\\n' | head -c 1025 | ostiary user create a "
                    + "--email a@b.test --password-stdin",
                "`password` must have at most 1024 bytes"
            ),
        ])
    func refused(line: String, message: String) throws {
        #expect(
            try shell.failure(line) == Shell.Failure(status: 1, error: "ostiary: \(message)\n"))
    }

    @Test("without a terminal nobody is asked")
    func noTerminal() throws {
        #expect(
            try shell.failure("ostiary user create a --email a@b.test < /dev/null")
                == Shell.Failure(
                    status: 64,
                    error: "ostiary: there is no terminal to ask for the password; pass "
                        + "--password-stdin, --password-file or --generate-password\n"))
        #expect(try shell.output("ls -A") == "")
    }

    @Test("the terminal asks twice, shows nothing, and hears of the policy before the second time")
    func asked() throws {
        let terminal = try terminal("user create alice --email a@b.test")
        #expect(
            try terminal.read(until: "characters: ").hasSuffix(
                "password for `alice`, at least 15 characters: "))
        #expect(terminal.isSilent)
        try terminal.type("short\n")
        #expect(
            try terminal.read(until: "characters: ")
                .hasPrefix("\r\nostiary: it must have at least 15 characters\r\n"))
        try terminal.type("correct horse battery\n")
        #expect(try terminal.read(until: "again: ") == "\r\nagain: ")
        try terminal.type("correct house battery\n")
        #expect(
            try terminal.read(until: "characters: ")
                .hasPrefix("\r\nostiary: these were two different passwords; once more\r\n"))
        try terminal.type("correct horse battery\n")
        _ = try terminal.read(until: "again: ")
        try terminal.type("correct horse battery\n")
        let rest = try terminal.read(until: "\r\n", times: 2)
        #expect(rest.hasPrefix("\r\ncreated `alice`; it has no role yet"))
        #expect(terminal.exitStatus() == 0)
        #expect(!terminal.isSilent)
    }

    @Test("Ctrl-C at the question ends the command, and the terminal shows again what is typed")
    func interrupted() throws {
        let terminal = try terminal("user create alice --email a@b.test")
        _ = try terminal.read(until: "characters: ")
        #expect(terminal.isSilent)
        try terminal.type("\u{3}")
        // 128 + SIGINT: a shell sees that it was interrupted.
        #expect(terminal.exitStatus() == 130)
        #expect(!terminal.isSilent)
        #expect(try shell.output("ls -A") == "")
    }

    @Test("Ctrl-D at the question is no password")
    func ended() throws {
        let terminal = try terminal("user create alice --email a@b.test")
        _ = try terminal.read(until: "characters: ")
        try terminal.type("\u{4}")
        #expect(try terminal.read(until: "\r\n").contains("ostiary: no password was given"))
        #expect(terminal.exitStatus() == 1)
        #expect(!terminal.isSilent)
    }

    @Test("a slip in the account's name is told before the question")
    func noSuchAccount() throws {
        _ = try shell.output("ostiary user create a --email a@b.test --generate-password")
        let terminal = try terminal("user passwd b")
        #expect(
            try terminal.read(until: "\r\n")
                == "ostiary: there is no account `b`; name it by ID, e-mail address or user name\r\n"
        )
        #expect(terminal.exitStatus() == 1)
    }

    private func terminal(_ arguments: String) throws -> PseudoTerminal {
        try PseudoTerminal(
            BuiltProgram.ostiary.path(), arguments.split(separator: " ").map(String.init),
            environment: ["HOME": shell.folder.path])
    }
}
