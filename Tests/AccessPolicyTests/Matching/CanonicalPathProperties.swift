import AccessPolicy
import TestSupport
import Testing

/// What must hold for every target, tried with targets made of what attackers use.
@Suite struct CanonicalPathProperties {
    private static let parts = [
        "/", "/", "/", "/", "a", "b", "Z", ".", ".", "..", ";", ";x=1", "%2e", "%2E", "%61",
        "%c3%a9",
        "%C3%A9", "%20", "%3a", "%3A", "%41", "~", "%7e", "%", "%2f", "%5c", "%25", "%00", "%c0%ae",
        "\\", " ", "é", ":", "@", "admin", "users", "%e2%82%ac", "%F0%9F%98%80", "%ED%A0%80", "%2f",
        "%2F..", "..%5C", "%252f", "%25",
        "%2525", "252e", "%3b", "%20", ".%20", "...", "%252525",
    ]

    private static func randomPath(_ generator: inout SeededGenerator) -> [UInt8] {
        var path: [UInt8] = [UInt8(ascii: "/")]
        for _ in 0..<Int.random(in: 0...10, using: &generator) {
            path += Array(generator.pick(parts).utf8)
        }
        // Now and then a byte that no list thinks of.
        if Int.random(in: 0..<8, using: &generator) == 0 {
            let place = Int.random(in: 0..<path.count, using: &generator)
            path[place] = UInt8.random(in: 0...255, using: &generator)
        }
        return path
    }

    @Test("the canonical form of a canonical path is the path itself")
    func idempotence() throws {
        var generator = SeededGenerator(for: "idempotence")
        var accepted = 0
        for _ in 0..<propertyRounds(20_000) {
            let path = Self.randomPath(&generator)
            guard let once = try? CanonicalPath(parsing: path.span) else { continue }
            accepted += 1
            let twice = try CanonicalPath(parsing: once.bytes.span)
            try #require(once == twice, "\(path)")
        }
        #expect(accepted > 1000)
    }

    @Test("no accepted path holds a dot segment, an empty segment or a needless escape")
    func forbiddenRemains() throws {
        var generator = SeededGenerator(for: "forbiddenRemains")
        for _ in 0..<propertyRounds(20_000) {
            let path = Self.randomPath(&generator)
            guard let text = (try? CanonicalPath(parsing: path.span))?.description else { continue }
            let segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
            for (index, segment) in segments.enumerated() {
                let name = segment.prefix { $0 != ";" }
                try #require(name != "." && name != "..", "\(text)")
                try #require(!name.isEmpty || index == segments.count - 1, "\(text)")
            }
            try #require(!text.contains("//"), "\(text)")
            let lower = text.lowercased()
            for escape in ["%2e", "%00", "%7e", "%61"] {
                try #require(!lower.contains(escape), "\(text)")
            }
            for escape in text.split(separator: "%").dropFirst(text.hasPrefix("%") ? 0 : 1) {
                let digits = escape.prefix(2)
                try #require(digits == digits.uppercased(), "\(text)")
            }
        }
    }

    @Test("an accepted path decodes to the same bytes as the target")
    func sameMeaning() throws {
        var generator = SeededGenerator(for: "sameMeaning")
        for _ in 0..<propertyRounds(20_000) {
            let path = Self.randomPath(&generator)
            guard let accepted = try? CanonicalPath(parsing: path.span) else { continue }
            try #require(Self.decoded(accepted.bytes) == Self.decoded(path), "\(path)")
            try #require(String(validating: Self.decoded(path), as: UTF8.self) != nil, "\(path)")
        }
    }

    @Test("with relaxations, too, canonical input is its own output")
    func relaxedIdempotence() throws {
        var generator = SeededGenerator(for: "relaxedIdempotence")
        let relaxations = PathRelaxations(mergesSlashes: true, resolvesDots: true)
        var changed = 0
        for _ in 0..<propertyRounds(20_000) {
            let path = Self.randomPath(&generator)
            guard let once = try? CanonicalPath(parsing: path.span, relaxations: relaxations)
            else { continue }
            // What is canonical with relaxations is so without: nobody behind has to know of them.
            let twice = try CanonicalPath(parsing: once.bytes.span)
            try #require(once == twice, "\(path)")
            if (try? CanonicalPath(parsing: path.span)) == nil { changed += 1 }
        }
        #expect(changed > 500)
    }

    @Test("the folded path is what its definition says, and its own folded form")
    func foldedReference() throws {
        var generator = SeededGenerator(for: "foldedReference")
        var (folded, refused) = (0, 0)
        for _ in 0..<propertyRounds(20_000) {
            let bytes = Self.randomPath(&generator)
            let path: CanonicalPath
            do throws(TargetRejection) {
                path = try CanonicalPath(parsing: bytes.span)
            } catch {
                switch error {
                case .tooManyEscapes, .encodedControl, .invalidUTF8: refused += 1
                default: break
                }
                continue
            }
            let expected = try #require(NaiveFolding.segments(path.bytes), "\(path)")
            try #require(path.foldedSegments.map { Array(path.foldedBytes[$0]) } == expected)
            try #require(path.foldedBytes == NaiveFolding.joined(expected))
            try #require(NaiveFolding.segments(path.foldedBytes) == expected)
            try #require(!path.isFolded || path.foldedBytes == path.bytes, "\(path)")
            if !path.isFolded { folded += 1 }
        }
        #expect(folded > 1000 && refused > 100)
    }

    private static func decoded(_ bytes: [UInt8]) -> [UInt8] { NaiveFolding.decode(bytes) }
}
