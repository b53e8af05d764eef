import AccountStorage
import Gateway
import TestSupport
import Testing

/// While a server runs: the commands ask it.
@Suite("Account commands beside a server", .blocking, .serialized)
struct ServedAccountTests {
    private let gate: GateProcess

    init() throws {
        // Nobody asks for the app here.
        var configuration = GateProcess.Configuration(upstreamPort: 1)
        configuration.useAccounts()
        gate = try GateProcess(configuration)
    }

    @Test("what the server does and what is done without it are the same")
    func same() throws {
        try run(["user", "create", "alice", "--email", "alice@example.com", "--generate-password"])
        #expect(
            try run(["role", "grant", "viewer", "alice"])
                == "granted `viewer` to `alice`; it counts from the next token on\n")
        #expect(
            gate.logLine(with: ["account changed", "account.operation=\"grant\""]) != nil)
        let shown = try run(["user", "show", "alice", "--json"])
        let list = try run(["user", "list"])
        #expect(gate.stop() == 0)
        #expect(try run(["user", "show", "alice", "--json"]) == shown)
        #expect(try run(["user", "list"]) == list)
    }

    @Test("`user show --json` says what the API says of an account")
    func sameAsAPI() throws {
        let (person, tokens) = try gate.newcomer("carol", roles: ["viewer"])
        let shown = try JSONObject(
            Array(try run(["user", "show", person.username, "--json"]).utf8))
        let own = try gate.exchange(AccountRequest.me(tokens.access)).object()
        #expect(shown.names == own.names)
        for name in own.names {
            #expect(shown.string(name) == own.string(name), "\(name)")
            #expect(shown.strings(name) == own.strings(name), "\(name)")
            #expect(shown.bool(name) == own.bool(name), "\(name)")
        }
    }

    @Test("a disabled account is refused at once, whatever token it holds")
    func disabled() throws {
        let (person, tokens) = try gate.newcomer("dave")
        #expect(try gate.status("/_ostiary/v1/me", tokens.access) == 200)
        try run(["user", "disable", person.email])
        #expect(try gate.status("/_ostiary/v1/me", tokens.access) == 401)
        try run(["user", "enable", person.email])
        #expect(try gate.status("/_ostiary/v1/me", tokens.access) == 401)
        #expect(try gate.status("/_ostiary/v1/me", try gate.signIn(person).access) == 200)
    }

    @Test("a refusal of the server is one line and status 1")
    func refusal() throws {
        let result = try gate.command(["role", "grant", "viewer", "nobody"])
        #expect(result.status == 1)
        #expect(
            result.error
                == "ostiary: there is no account `nobody`; name it by ID, e-mail address or user "
                + "name\n")
    }

    @Test("a data folder that somebody holds who does not answer is one line, after a moment")
    func unreachable() throws {
        #expect(gate.stop() == 0)
        let lock = try DataFolderLock.take(folder: gate.data)
        let result = try gate.command(["user", "list"])
        lock.release()
        #expect(result.status == 1)
        #expect(result.output == "")
        #expect(result.complaints.count == 1)
        #expect(
            result.error.contains("uses the data folder `")
                && result.error.contains("cannot be reached"))
        #expect(result.error.contains("control.sock`: no such file or directory"))
    }

    @Test("a command waits for a folder that is busy for a moment")
    func patient() throws {
        #expect(gate.stop() == 0)
        let lock = try DataFolderLock.take(folder: gate.data)
        let command = try ChildProcess(
            BuiltProgram.ostiary.path(), ["user", "list", "--config", gate.configurationFile])
        #expect(command.exitStatus(within: .milliseconds(300)) == nil)
        lock.release()
        #expect(command.exitStatus(within: .seconds(10)) == 0)
    }

    @discardableResult
    private func run(_ arguments: [String]) throws -> String {
        let result = try gate.command(arguments)
        #expect(result.status == 0 && result.error == "", "\(arguments): \(result.error)")
        return result.output
    }
}
