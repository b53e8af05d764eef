import StrictYAML
import Testing

@Suite("Damaged YAML files")
struct DamagedFileTests {
    /// Every byte that means something to YAML stands here somewhere.
    private static let sample = Array(
        """
        version: 1
        hosts: [app.test, "a\\tb", 'it''s']   # comment
        limits: {head: 64KiB, body: 32MiB}
        text: |
          literal
        folded: >-
          folded
        list:
          - {id: a, match: GET /a/**}
          - &x !tag *y
        """.utf8)
    private static let bytes =
        Array("&*!|>%@`?:-,[]{}#'\"\\ \n\t".utf8) + [0x00, 0x7F, 0x80, 0xC3, 0xFF]

    @Test("give a tree or diagnostics with places inside the file, whatever the damage")
    func damaged() {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for _ in 0..<5000 {
            var text = Self.sample
            for _ in 0...random(4) {
                let place = random(text.count)
                switch random(3) {
                case 0: text[place] = Self.bytes[random(Self.bytes.count)]
                case 1: text.insert(Self.bytes[random(Self.bytes.count)], at: place)
                default: text.removeSubrange(place..<min(text.count, place + 1 + random(6)))
                }
            }
            do {
                _ = try YAMLReader.read(text.span, file: "f")
            } catch {
                let lines = text.count { $0 == 0x0A } + 2
                for diagnostic in error.all {
                    let line = diagnostic.position?.line ?? 0
                    #expect((1...lines).contains(line), "\(diagnostic)")
                    #expect(!diagnostic.message.isEmpty)
                }
            }
        }
    }
}
