import Cryptography
import Foundation
import TestSupport
import Testing
import TokenVerification

@testable import KeyDiscovery

@Suite("keys in files")
struct KeyFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("key-files")
    }

    private static func set(_ names: String...) throws -> [UInt8] {
        KeyServerAnswer.keySet(try names.map { try TestKey(.edDSA, keyID: $0) }).body
    }

    /// Reads one file, and counts how often.
    private func service(
        _ path: String, reads: Locked<Int> = Locked(0), staleIfError: Duration = .seconds(3600)
    ) -> RunningService {
        let source = KeySource(
            issuerName: "test", location: .files([path]), staleIfError: staleIfError)
        return RunningService(
            [source],
            readFiles: { paths throws(KeyFetchError) in
                reads.withLock { $0 += 1 }
                guard let bytes = FileManager.default.contents(atPath: paths.first ?? "") else {
                    throw KeyFetchError("`\(path)` cannot be read")
                }
                let copy = [UInt8](bytes)
                do throws(KeySetError) {
                    return try KeySet(jwks: copy.span)
                } catch {
                    throw KeyFetchError(error.description)
                }
            })
    }

    @Test("are read again when they change, and not when they do not")
    func change() async throws {
        let path = try folder.write("keys.json", Self.set("a"))
        let reads = Locked(0)
        let running = service(path, reads: reads)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        #expect(await running.reaches { $0.service.status().first?.succeeded ?? 0 >= 3 })
        #expect(reads.withLock { $0 } == 1)
        try folder.write("keys.json", Self.set("a", "b"))
        #expect(await running.reaches { $0.keyIDs == ["a", "b"] })
        #expect(running.updates.count == 2)
        await running.stop()
    }

    @Test("are followed through a symbolic link that is swapped")
    func symbolicLink() async throws {
        for (index, name) in ["a", "b"].enumerated() {
            try folder.write("v\(index)/keys.json", Self.set(name))
        }
        let files = FileManager.default
        let link = folder.path + "/current"
        try files.createSymbolicLink(atPath: link, withDestinationPath: folder.path + "/v0")
        let running = service(link + "/keys.json")
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        let next = folder.path + "/next"
        try files.createSymbolicLink(atPath: next, withDestinationPath: folder.path + "/v1")
        #expect(unsafe rename(next, link) == 0)
        #expect(await running.reaches { $0.keyIDs == ["b"] })
        await running.stop()
    }

    @Test("that were out of reach for too long are used again when they are back as they were")
    func backUnchanged() async throws {
        let path = try folder.write("mounted/keys.json", Self.set("a"))
        let running = service(path, staleIfError: .zero)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        // As when a disk or a mount goes and comes back: the file itself stays as it was.
        #expect(unsafe rename(folder.path + "/mounted", folder.path + "/gone") == 0)
        #expect(await running.reaches { $0.availability == .unavailable })
        #expect(unsafe rename(folder.path + "/gone", folder.path + "/mounted") == 0)
        #expect(await running.reaches { $0.availability == .current })
        #expect(running.keyIDs == ["a"])
        await running.stop()
    }

    @Test("that break or go leave the old keys, and are used again when they are whole")
    func broken() async throws {
        let path = try folder.write("keys.json", Self.set("a"))
        let running = service(path)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        try folder.write("keys.json", #"{"keys":["#)
        #expect(await running.reaches { $0.availability == .doubtful })
        #expect(running.keyIDs == ["a"])
        try FileManager.default.removeItem(atPath: path)
        #expect(
            await running.reaches {
                $0.service.status().first?.lastError == "`\(path)` cannot be read"
            })
        #expect(running.keyIDs == ["a"])
        try folder.write("keys.json", Self.set("b"))
        #expect(await running.reaches { $0.availability == .current })
        #expect(running.keyIDs == ["b"])
        await running.stop()
    }

    @Test("are looked at once more when a token names a key that is not in them")
    func sought() async throws {
        let path = try folder.write("keys.json", Self.set("a"))
        let running = service(path)
        #expect(await running.reaches { $0.keyIDs == ["a"] })
        try folder.write("keys.json", Self.set("b"))
        #expect(await running.seek())
        #expect(running.keyIDs == ["b"])
        await running.stop()
    }
}
