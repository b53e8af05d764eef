import Foundation
import FuzzTargets
import Testing

/// What the fuzzer once found, and inputs that are worth trying each time, go through the very
/// functions that the fuzzer calls. See Fuzz/README.md.
@Suite("Inputs of the fuzzer")
struct FuzzReplayTests {
    private static let folder = URL(filePath: #filePath).appending(path: "../../../Fuzz")
        .standardized

    private func inputs(_ kind: String, _ target: FuzzTarget) throws -> [(String, [UInt8])] {
        let folder = Self.folder.appending(path: "\(kind)/\(target.rawValue)")
        guard FileManager.default.fileExists(atPath: folder.path()) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted().map {
            (name: $0, bytes: Array(try Data(contentsOf: folder.appending(path: $0))))
        }
    }

    @Test("the corpus keeps every invariant", arguments: FuzzTarget.allCases)
    func replaysCorpus(_ target: FuzzTarget) throws {
        let corpus = try inputs("corpus", target)
        #expect(!corpus.isEmpty)
        try check(corpus, target)
    }

    @Test("nothing that was found once fails again", arguments: FuzzTarget.allCases)
    func replaysCrashes(_ target: FuzzTarget) throws {
        try check(try inputs("crashes", target), target)
    }

    @Test("what the fuzzer starts from keeps every invariant", arguments: FuzzTarget.allCases)
    func replaysSeeds(_ target: FuzzTarget) throws {
        let seeds = try target.seeds().enumerated().map { ("seed \($0.offset)", $0.element) }
        #expect(!seeds.isEmpty)
        try check(seeds, target)
    }

    private func check(_ inputs: [(String, [UInt8])], _ target: FuzzTarget) throws {
        let session = try FuzzSession()
        for (name, bytes) in inputs {
            do throws(BrokenInvariant) {
                try target.check(bytes, in: session)
            } catch {
                Issue.record("\(target.rawValue)/\(name): not true: \(error)")
            }
        }
    }
}
