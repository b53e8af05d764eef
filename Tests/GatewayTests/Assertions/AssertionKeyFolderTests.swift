import Cryptography
import Foundation
import StrictYAML
import TestSupport
import Testing
import TokenIssuing

@testable import Gateway

@Suite("AssertionKeyFolder")
struct AssertionKeyFolderTests {
    private let folder: TemporaryFolder
    private let keys: AssertionKeyFolder
    private let start: Int64 = 1_800_000_000
    private let day: Int64 = 86_400

    init() throws {
        folder = try TemporaryFolder("assertion-keys")
        keys = AssertionKeyFolder(
            data: ConfiguredFile(path: folder.path + "/data", setting: "data", origin: .standard),
            schedule: AssertionKeySchedule(rotation: 86_400))
    }

    private func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: keys.path).sorted()
    }

    private func stages(_ keys: AssertionKeys) -> [AssertionKeySchedule.Stage] {
        keys.entries.map(\.stage)
    }

    @Test("the first start makes one key that only its owner can read, later ones use it")
    func first() throws {
        #expect(try keys.read(now: start) == nil)
        let made = try keys.renew(now: start)
        #expect(stages(made) == [.signing])
        #expect(try keys.renew(now: start + 5) == made)
        #expect(try keys.read(now: start + 5) == made)
        let name = try #require(try files().first)
        #expect(try files().count == 1)
        #expect(name.hasSuffix("-\(made.signing.keyID).pem"))
        for path in [keys.path, "\(keys.path)/\(name)"] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect((mode as? Int).map { $0 & 0o077 } == 0, "\(path)")
        }
    }

    @Test("two that start at one moment use one key")
    func together() async throws {
        let all = try await withThrowingTaskGroup(of: AssertionKeys.self) { group in
            for _ in 0..<8 { group.addTask { [keys, start] in try keys.renew(now: start) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try files().count == 1)
        #expect(all.allSatisfy { $0 == all[0] })
    }

    @Test("when a key is old, the next one is published, signs, and the old one goes")
    func rotation() throws {
        let first = try keys.renew(now: start)
        let both = try keys.renew(now: start + day)
        #expect(stages(both) == [.signing, .next])
        #expect(both.signing.keyID == first.signing.keyID)
        let after = try keys.renew(now: start + day + 3600)
        #expect(stages(after) == [.signing, .previous])
        #expect(after.keyIDs == both.keyIDs.reversed())
        let last = try keys.renew(now: start + day + 3600 + 900)
        #expect(last.keyIDs == [after.signing.keyID])
        #expect(try files().count == 1)
    }

    @Test("the command line makes the next key ahead of time, and only one")
    func rotate() throws {
        let first = try keys.renew(now: start)
        let both = try keys.rotate(now: start)
        #expect(stages(both) == [.signing, .next])
        #expect(both.signing.keyID == first.signing.keyID)
        #expect(try keys.rotate(now: start + 1) == both)
        #expect(try keys.renew(now: start + 3601).signing.keyID == both.keyIDs[1])
    }

    @Test("a key that replaces the others signs at once, and alone")
    func replace() throws {
        let first = try keys.renew(now: start)
        _ = try keys.rotate(now: start)
        let replaced = try keys.replace(now: start + 10)
        #expect(stages(replaced) == [.signing])
        #expect(replaced.signing.keyID != first.signing.keyID)
        #expect(try files().count == 1)
        #expect(try keys.renew(now: start + 20) == replaced)
    }

    @Test("a key that others can read, a key of another type and a foreign file are named")
    func problems() throws {
        _ = try keys.renew(now: start)
        let name = try #require(try files().first)
        let path = "\(keys.path)/\(name)"
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(complaint().contains("others can read it"))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let other = try SigningKey.generate(.edDSA).pem()
        try folder.write("data/keys/assertion/1-a.pem", other)
        #expect(complaint().contains("it is not for ES256"))
        try FileManager.default.removeItem(atPath: "\(keys.path)/1-a.pem")
        try folder.write("data/keys/assertion/mine.pem", other)
        #expect(complaint().contains("`assertion.keys`"))
    }

    private func complaint() -> String {
        do throws(Diagnostics) {
            _ = try keys.renew(now: start)
            return ""
        } catch {
            return error.description
        }
    }
}
