import AccessPolicy
import AccountStorage
private import Glibc
import StrictYAML
import TokenIssuing

/// The accounts, as commands reach them: through the server that has the data folder, or, while none
/// has it, in the database itself. Both do the same.
package struct AccountAccess {
    /// The policy as the command line and the configuration name it.
    package let policy: LoadedPolicy
    private let folder: String
    private let settings: IssuerSettings
    private var direct: DirectAccounts?

    /// Reads configuration and policy; opens nothing yet, so that a question to a person keeps nobody
    /// waiting.
    package init(_ sources: ConfigurationSources) throws(CommandFailure) {
        let (trust, policy) = try CommandFailure.from { () throws(Diagnostics) in
            let trust = try sources.loadTrust()
            return (trust, try LoadedPolicy.load(trust.policy))
        }
        let settings = try CommandFailure.from { () throws(Diagnostics) in
            try trust.issuerSettings(for: policy)
        }
        guard let settings else {
            throw CommandFailure(
                "the policy \(policy.name) has no embedded issuer, so it knows no accounts; write "
                    + "`issuers: {local: {embedded: true}}` in it")
        }
        self.policy = policy
        self.settings = settings
        folder = trust.dataFolder.path
    }

    /// The fewest characters of a password.
    package var minimumPasswordLength: Int { settings.minimumPasswordLength }

    package var declaredRoles: [String] { policy.rules.roleNames }

    /// Does what is asked, and waits a moment for a server that is just starting or stopping.
    ///
    /// - Throws: `CommandFailure`, also for an answer that is a failure.
    package mutating func perform(
        _ request: ControlRequest
    ) async throws(CommandFailure) -> ControlAnswer {
        guard request.encoded.count <= ControlRequest.largest else {
            throw CommandFailure(
                "that is more than \(ControlRequest.largest) bytes; shorten it")
        }
        let answer = try await answer(to: request)
        if case .failure(let failure) = answer { throw CommandFailure(failure.message) }
        return answer
    }

    /// Closes the database and lets others have it.
    package mutating func close() {
        direct?.close()
        direct = nil
    }

    private mutating func answer(
        to request: ControlRequest
    ) async throws(CommandFailure) -> ControlAnswer {
        if let direct { return await request.perform(with: direct.administration) }
        if !FileContents.exists(folder) {
            switch request {
            case .create: try makeFolder()
            case .list: return .accounts([])
            default:
                throw CommandFailure(
                    "there is no account yet, and no data folder `\(folder)`; make an account "
                        + "with `ostiary user create`")
            }
        }
        let deadline = ContinuousClock.now + Self.patience
        while true {
            let holder: Int32?
            switch try takeLock() {
            case .taken(let lock):
                let direct = try open(lock)
                self.direct = direct
                return await request.perform(with: direct.administration)
            case .held(let process): holder = process
            }
            do throws(ControlClientError) {
                return try await ControlClient(folder: folder).send(request)
            } catch {
                guard case .unreachable(let reason) = error else {
                    throw CommandFailure("\(error)")
                }
                // No socket can come to be there, however long we wait.
                guard !isOnReadOnlyFileSystem else { throw readOnly(holder) }
                guard ContinuousClock.now < deadline else {
                    throw unreachable(holder, reason)
                }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private var isOnReadOnlyFileSystem: Bool {
        unsafe access(folder, W_OK) != 0 && errno == EROFS
    }

    private func readOnly(_ holder: Int32?) -> CommandFailure {
        let process = holder.map { "the server (process \($0))" } ?? "the server"
        return CommandFailure(
            "the data folder `\(folder)` is on a read-only file system, so \(process), which uses it, "
                + "runs without its accounts; make the folder writable, and it recovers by itself")
    }

    private func unreachable(_ holder: Int32?, _ reason: FileProblem) -> CommandFailure {
        let process = holder.map { "process \($0)" } ?? "another process"
        return CommandFailure(
            "\(process) uses the data folder `\(folder)` and cannot be reached through "
                + "`\(folder)/\(ControlSocket.fileName)`: \(reason); if it is an `ostiary serve` "
                + "that works, restart it")
    }

    private enum LockOutcome {
        case taken(DataFolderLock)
        case held(by: Int32?)
    }

    private func takeLock() throws(CommandFailure) -> LockOutcome {
        let lockFile = "\(folder)/\(DataFolderLock.fileName)"
        let hasLockFile = FileOwner.isThere(lockFile)
        let owner = FileOwner.other(of: hasLockFile ? lockFile : "\(folder)/.")
        // Not even a lock file may be root's in a folder that is somebody else's.
        if let owner, !hasLockFile { throw foreign(owner) }
        let lock: DataFolderLock
        do throws(DataFolderLockError) {
            lock = try DataFolderLock.take(folder: folder)
        } catch {
            switch error {
            case .held(let process): return .held(by: process)
            case .unusable:
                throw CommandFailure(
                    "the data folder `\(folder)` cannot be used: \(error)\(advice(for: error))")
            }
        }
        if let owner {
            lock.release()
            throw foreign(owner)
        }
        return .taken(lock)
    }

    private func advice(for error: DataFolderLockError) -> String {
        "\(error)".hasSuffix("\(FileProblem(errno: EACCES))")
            ? "; run this as the user that the server runs as" : ""
    }

    private func foreign(_ owner: UInt32) -> CommandFailure {
        CommandFailure(
            "the data folder `\(folder)` belongs to the user \(owner), whose server could not use "
                + "what root writes there; run this as that user: `sudo -u '#\(owner)' ostiary …`")
    }

    private func makeFolder() throws(CommandFailure) {
        do throws(FileProblem) {
            try SecretFile.makeFolder(folder)
        } catch {
            throw CommandFailure("cannot make the data folder `\(folder)`: \(error)")
        }
    }

    private func open(_ lock: DataFolderLock) throws(CommandFailure) -> DirectAccounts {
        do throws(StoreOpeningError) {
            return try DirectAccounts(
                lock: lock, folder: folder, settings: settings, declaredRoles: declaredRoles)
        } catch {
            throw CommandFailure("the accounts in `\(folder)` cannot be used: \(error)")
        }
    }

    private static let patience = Duration.seconds(5)
}

/// Whose a file is. A symbolic link in its place counts as itself, whatever it points at.
private enum FileOwner {
    /// The owner, when we are root and the file is another user's.
    static func other(of path: String) -> UInt32? {
        guard geteuid() == 0, let owner = status(path)?.st_uid, owner != 0 else { return nil }
        return owner
    }

    static func isThere(_ path: String) -> Bool { status(path) != nil }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return status
    }
}
