import TestSupport
import Testing

@testable import Admission

@Suite("KeyedHash")
struct KeyedHashTests {
    private let hash = KeyedHash()

    private func bytes(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    @Test("is the same for the same bytes, and another with another key")
    func key() {
        var random = SeededGenerator(for: "keyed hash")
        for count in 0..<100 {
            let value = bytes(count, &random)
            let copy = value
            #expect(hash.hash(value.span) == hash.hash(copy.span))
            #expect(hash.hash(value.span) != KeyedHash().hash(value.span))
        }
    }

    @Test(
        "changes with every bit of every length", arguments: [1, 7, 8, 9, 15, 16, 17, 31, 33, 300])
    func everyBit(_ count: Int) {
        var random = SeededGenerator(for: "bits of \(count) bytes")
        let value = bytes(count, &random)
        var seen: Set<Int> = [hash.hash(value.span)]
        for index in value.indices {
            for bit in 0..<8 {
                var other = value
                other[index] ^= 1 << bit
                #expect(seen.insert(hash.hash(other.span)).inserted, "byte \(index), bit \(bit)")
            }
        }
    }

    @Test("tells lengths apart, even of zeros")
    func lengths() {
        let hashes = (0..<200).map { hash.hash([UInt8](repeating: 0, count: $0).span) }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test("spreads tokens that are alike over the buckets of a table")
    func spread() {
        let prefix = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9."
        var load = [Int](repeating: 0, count: 256)
        for number in 0..<8_192 {
            load[hash.hash(Array("\(prefix)\(number)".utf8).span) & 255] += 1
        }
        // 32 on average; a fair spread leaves this range about once in a million runs.
        #expect(load.allSatisfy { (4...80).contains($0) }, "\(load)")
    }
}
