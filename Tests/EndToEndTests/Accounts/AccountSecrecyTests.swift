import Foundation
import TestSupport
import Testing

@Suite("no secret of an account is written anywhere", .blocking, .serialized)
struct AccountSecrecyTests {
    @Test(
        "not by the server, not by a command, whatever they are asked",
        arguments: [("debug", "text"), ("trace", "json")])
    func nothingSecret(level: String, format: String) throws {
        let site = try RestartableGate {
            $0.useAccounts(defaultRoles: ["viewer"])
            $0.logLevel = level
            $0.arguments = ["--set", "log.format=\(format)"]
        }
        defer { site.stop() }
        var recorder = SecretRecorder(site.gate)
        try recorder.driveEndpoints()
        try recorder.driveCommands()
        try recorder.driveControlSocket()
        try recorder.collectStored(in: site.data)
        site.gate.stop()
        // The same commands on the folder itself.
        try recorder.driveCommands()

        #expect(recorder.secrets.count > 500)
        #expect(recorder.requestCount > 40 && recorder.commandCount > 40)
        let log = site.gate.log
        let lines = log.split(separator: "\n").filter { $0.contains("/_ostiary/v1/sign-in") }
        #expect(lines.count > 5, "the requests were logged")
        #expect(recorder.secrets.found(in: log) == [])
        #expect(recorder.names.found(in: log) == [])
        #expect(recorder.secrets.found(in: recorder.written) == [])
        #expect(!recorder.written.contains(SecretRecorder.unfinished))
    }

    @Test("a password that is made by a command is printed once, for the one who asked")
    func generatedPassword() throws {
        let site = try RestartableGate {
            $0.useAccounts(defaultRoles: ["viewer"])
            $0.logLevel = "trace"
        }
        defer { site.stop() }
        let person = Person("made")
        let result = try site.gate.command([
            "user", "create", person.username, "--email", person.email,
            "--generate-password",
        ])
        #expect(result.status == 0, "\(result.error)")
        let words = result.output.split { $0 == " " || $0 == "\n" }.map(String.init)
        let passwords = try words.filter { $0.utf8.count >= 20 }.filter {
            try site.gate.exchange(AccountRequest.signIn(person.username, $0)).status == 200
        }
        #expect(passwords.count == 1)
        var secrets = Secrets()
        for password in passwords { secrets.add("the password", password) }
        #expect(secrets.count > 0)
        #expect(secrets.found(in: result.error) == [])
        let shown = try site.gate.command(AccountCommand.show(person))
        #expect(shown.status == 0)
        #expect(secrets.found(in: shown.output + shown.error) == [])
        site.gate.stop()
        #expect(secrets.found(in: site.gate.log) == [])
    }
}
