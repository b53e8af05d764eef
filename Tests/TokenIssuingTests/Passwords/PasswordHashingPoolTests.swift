import Cryptography
import Testing
import TokenVerification

@testable import TokenIssuing

@Suite("Password hashing pool")
struct PasswordHashingPoolTests {
    static let password = Password("correct horse battery staple")
    static let cheap = Argon2Parameters(memory: 64, passes: 1, lanes: 1)
    /// Some tenths of a second each.
    static let slow = Argon2Parameters(memory: 64 * 1024, passes: 6, lanes: 1)

    @Test("a hash fits its password and no other")
    func hashes() async throws {
        let pool = PasswordHashingPool(threads: 2, parameters: Self.cheap)
        let password = try #require(Self.password)
        let hash = try await pool.hash(password)
        #expect(hash.encoded.hasPrefix("$argon2id$v=19$m=64,t=1,p=1$"))
        #expect(try await pool.verify(password, hash))
        let other = try #require(Password("correct horse battery staple "))
        #expect(try await pool.verify(other, hash) == false)
        #expect(try await pool.hash(password) != hash)
    }

    @Test("the defaults are 19 MiB and two passes")
    func defaults() async throws {
        let pool = PasswordHashingPool(threads: 1)
        let hash = try await pool.hash(try #require(Self.password))
        #expect(hash.encoded.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    }

    @Test("the decoy is compared like a real hash and fits nothing")
    func decoy() async throws {
        let pool = PasswordHashingPool(threads: 1, parameters: Self.cheap)
        #expect(try Argon2id.parameters(of: pool.decoy.encoded) == Self.cheap)
        for text in ["", "password", "correct horse battery staple"] {
            #expect(try await pool.verify(try #require(Password(text)), pool.decoy) == false)
        }
        #expect(pool.counts.verified == 3)
        let another = PasswordHashingPool(threads: 1, parameters: Self.cheap)
        #expect(pool.decoy != another.decoy)
    }

    @Test("what the queue has no room for is refused at once, and tokens are verified meanwhile")
    func fullQueue() async throws {
        let key = try SigningKey.generate(.es256)
        let token = Array(try TokenMintTests.mint(key).utf8)
        let pool = PasswordHashingPool(threads: 1, queue: 2, parameters: Self.slow)
        let password = try #require(Self.password)
        try await withThrowingTaskGroup(of: Result<PasswordHash, HashingRejection>.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    do throws(HashingRejection) {
                        return .success(try await pool.hash(password))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            // Those that are refused are the first to come back.
            var refused = 0
            while refused < 7, case .failure(let error)? = try await group.next() {
                #expect(error == .queueFull)
                refused += 1
            }
            #expect(refused == 7)
            #expect(pool.counts.hashed == 0)
            let verifier = try TokenMintTests.verifier(for: key)
            _ = try verifier.verify(token.span, now: TokenMintTests.now)
            #expect(pool.counts.hashed < 3)
            for try await result in group where (try? result.get()) == nil { refused += 1 }
            // The third was accepted if the thread had taken the first by then.
            #expect(pool.counts.hashed + refused == 10)
            #expect((2...3).contains(pool.counts.hashed))
        }
    }

    @Test("stopping finishes what runs, refuses what waits and what comes later")
    func stop() async throws {
        let pool = PasswordHashingPool(threads: 1, queue: 8, parameters: Self.slow)
        let password = try #require(Self.password)
        let outcomes = await withTaskGroup(of: Result<PasswordHash, HashingRejection>.self) {
            group in
            for _ in 0..<4 {
                group.addTask {
                    do throws(HashingRejection) {
                        return .success(try await pool.hash(password))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            // One is at work by now, or yet to be taken or to come.
            while pool.counts.waiting < 3 { await Task.yield() }
            pool.stop()
            var outcomes: [Result<PasswordHash, HashingRejection>] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes
        }
        let refused = outcomes.filter { outcome in
            guard case .failure(let error) = outcome else { return false }
            return error == .stopped
        }
        #expect((3...4).contains(refused.count))
        #expect(pool.counts.hashed + refused.count == 4)
        await #expect(throws: HashingRejection.stopped) { try await pool.hash(password) }
        pool.stop()
    }

    @Test("a hash that cannot be read is refused, and says nothing of itself")
    func unreadable() async throws {
        let pool = PasswordHashingPool(threads: 1, parameters: Self.cheap)
        let password = try #require(Self.password)
        await #expect(throws: HashingRejection.failed(.unsupportedAlgorithm)) {
            try await pool.verify(password, PasswordHash(encoded: "$2b$12$abc"))
        }
        await #expect(throws: HashingRejection.failed(.outOfBounds)) {
            let bomb = pool.decoy.encoded.replacing("m=64", with: "m=4000000")
            _ = try await pool.verify(password, PasswordHash(encoded: bomb))
        }
    }

    @Test("hashes with less memory or fewer passes are outdated")
    func outdated() async throws {
        let pool = PasswordHashingPool(
            threads: 1, parameters: Argon2Parameters(memory: 64, passes: 2, lanes: 1))
        func hash(_ memory: Int, _ passes: Int) -> PasswordHash {
            PasswordHash(
                encoded: pool.decoy.encoded.replacing("m=64,t=2", with: "m=\(memory),t=\(passes)"))
        }
        #expect(pool.isOutdated(hash(63, 2)))
        #expect(pool.isOutdated(hash(64, 1)))
        #expect(!pool.isOutdated(hash(64, 2)))
        #expect(!pool.isOutdated(hash(128, 3)))
        #expect(!pool.isOutdated(PasswordHash(encoded: "!unusable")))
    }

    @Test("by default there is a thread for every second processor, and at least one")
    func threadCount() {
        #expect(PasswordHashingPool.defaultThreadCount >= 1)
    }
}
