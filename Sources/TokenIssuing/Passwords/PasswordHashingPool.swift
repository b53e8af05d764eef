private import BoundedThreads
package import Cryptography
private import Glibc
import StrictJSON
private import Synchronization

/// Hashes and compares passwords on threads of its own. What is too much for them is refused at once.
package final class PasswordHashingPool: Sendable {
    /// What verification is done against when there is no account: it costs the same as that of a
    /// real hash of `parameters`, and no password fits it.
    let decoy: PasswordHash
    private let parameters: Argon2Parameters
    private let workers: WorkerThreads
    private let hashCount = Atomic<Int>(0)
    private let verificationCount = Atomic<Int>(0)

    /// - Parameters:
    ///   - threads: how many passwords are hashed at the same time, each taking
    ///     `parameters.memory`.
    ///   - queue: how many may wait for that.
    ///   - parameters: those of new hashes.
    package init(
        threads: Int = defaultThreadCount, queue: Int = 64,
        parameters: Argon2Parameters = Argon2Parameters()
    ) {
        self.parameters = parameters
        workers = WorkerThreads(count: threads, capacity: queue)
        decoy = Self.decoy(parameters)
    }

    deinit { workers.stop() }

    /// Half of the processors, so that hashing leaves room for the event loops.
    package static var defaultThreadCount: Int {
        max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)
    }

    package func hash(_ password: Password) async throws(HashingRejection) -> PasswordHash {
        let parameters = parameters
        let salt = SecureRandom.bytes(16)
        let encoded = try await run { () throws(PasswordHashError) in
            try Argon2id.hash(password.bytes.span, salt: salt, parameters)
        }
        hashCount.add(1, ordering: .relaxed)
        return PasswordHash(encoded: encoded)
    }

    package func verify(
        _ password: Password, _ hash: PasswordHash
    ) async throws(HashingRejection) -> Bool {
        let isRight = try await run { () throws(PasswordHashError) in
            try Argon2id.verify(password.bytes.span, against: hash.encoded)
        }
        verificationCount.add(1, ordering: .relaxed)
        return isRight
    }

    /// Whether the hash is cheaper to guess at than a new one would be.
    func isOutdated(_ hash: PasswordHash) -> Bool {
        guard let used = try? Argon2id.parameters(of: hash.encoded) else { return false }
        return used.isWeaker(than: parameters)
    }

    /// Ends the threads: passwords that wait are refused, those at work are finished first.
    package func stop() { workers.stop() }

    /// How many passwords have been hashed and compared, and how many wait.
    package var counts: (hashed: Int, verified: Int, waiting: Int) {
        (
            hashCount.load(ordering: .relaxed), verificationCount.load(ordering: .relaxed),
            workers.waitingCount
        )
    }

    private func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(PasswordHashError) -> Result
    ) async throws(HashingRejection) -> Result {
        let outcome: Swift.Result<Result, HashingRejection> = await withCheckedContinuation {
            continuation in
            let job = WorkerThreads.Job(
                run: {
                    do throws(PasswordHashError) {
                        continuation.resume(returning: .success(try work()))
                    } catch {
                        continuation.resume(returning: .failure(.failed(error)))
                    }
                },
                abandon: { continuation.resume(returning: .failure(.stopped)) })
            switch workers.submit(job) {
            case .accepted: break
            case .full: continuation.resume(returning: .failure(.queueFull))
            case .stopped: continuation.resume(returning: .failure(.stopped))
            }
        }
        return try outcome.get()
    }

    /// 32 random bytes in the place of a hash: that a password has just these is as likely as
    /// guessing a key.
    private static func decoy(_ parameters: Argon2Parameters) -> PasswordHash {
        let salt = base64(SecureRandom.bytes(16))
        let hash = base64(SecureRandom.bytes(32))
        return PasswordHash(
            encoded: "$argon2id$v=19$m=\(parameters.memory),t=\(parameters.passes),"
                + "p=\(parameters.lanes)$\(salt)$\(hash)")
    }

    /// The standard alphabet without padding, as the PHC string format has it.
    private static func base64(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes.span).map { digit in
            switch digit {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: digit
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
