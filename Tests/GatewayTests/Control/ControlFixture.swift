import AccountStorage
import Cryptography
import Gateway
import Logging
import ServiceLifecycleTestKit
import TestSupport
import TokenIssuing
import TokenVerification

/// A control server on a real store and a real socket; only password hashing is cheap.
struct ControlFixture: Sendable {
    let folder: TemporaryFolder
    /// The data folder.
    let data: String
    /// All that the server has logged.
    let log = Locked<[String]>([])

    /// `depth` is how many folders lie between the temporary one and the data folder.
    init(depth: Int = 0) throws {
        folder = try TemporaryFolder("control")
        var path = folder.path
        for _ in 0..<depth { path += "/a-folder-with-a-rather-long-name" }
        data = path + "/data"
        try SecretFile.makeFolder(data)
    }

    var socket: String { "\(data)/control.sock" }

    /// Serves while `body` runs; then stops the server as a signal would, and waits for its end.
    func serving<Result: Sendable>(
        unavailable: Bool = false,
        _ body: @escaping @Sendable (ControlClient) async throws -> Result
    ) async throws -> Result {
        let store = try SQLiteAccountStore.open(folder: data)
        let passwords = PasswordHashingPool(
            threads: 1, parameters: Argon2Parameters(memory: 64, passes: 1, lanes: 1))
        defer {
            passwords.stop()
            store.close()
        }
        let administration = AccountAdministration(
            settings: IssuerSettings(issuer: "https://app.test", audience: ["app"]), store: store,
            passwords: passwords, revocations: NobodyToTell(),
            declaredRoles: ["admin", "editor", "viewer"], clock: { 1_772_357_400 })
        let server = try ControlServer(
            folder: data, administration: { unavailable ? nil : administration },
            logger: Logger(label: "test") { [log] _ in RecordingLogHandler(lines: log) })
        // Time limits are real, and other tests keep the threads of the usual priority to themselves.
        return try await Task(priority: .userInitiated) {
            try await testGracefulShutdown { trigger in
                async let end: Void = server.run()
                let result = try await body(ControlClient(folder: data))
                trigger.triggerGracefulShutdown()
                try await end
                return result
            }
        }.value
    }

    static let password = "correct horse battery staple"

    static func form(_ username: String = "alice") -> AccountForm {
        AccountForm(
            username: username, email: "\(username)@example.com", password: password)
    }
}

private struct NobodyToTell: RevocationPublishing {
    func deny(_ revocations: [Revocation]) async {}
}

private struct RecordingLogHandler: LogHandler {
    let lines: Locked<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = (event.metadata ?? [:]).sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }
        let line = (["\(event.level)", "\(event.message)"] + fields).joined(separator: " ")
        lines.withLock { $0.append(line) }
    }
}
