import Testing
import TextFolding

@Suite("Case folding")
struct CaseFoldingTests {
    @Test(
        "spellings of one name have one form",
        arguments: [
            (["alice", "ALICE", "Alice", "aLiCe"], "alice"),
            (["straße", "STRASSE", "STRAẞE", "Straße", "strasse"], "strasse"),
            // One character, and a letter with a combining mark.
            (["caf\u{E9}", "cafe\u{301}", "CAF\u{C9}", "CAFE\u{301}"], "caf\u{E9}"),
            // Two marks, in both orders (canonical ordering).
            (["q\u{323}\u{307}", "q\u{307}\u{323}", "Q\u{307}\u{323}"], "q\u{323}\u{307}"),
            (["ΣΊΣΥΦΟΣ", "σίσυφος", "Σίσυφοσ"], "σίσυφοσ"),
            (["ﬃ", "FFI", "ffi"], "ffi"),
            (["ŉ", "ʼN"], "ʼn"),
            (["Å", "\u{212B}", "A\u{30A}", "å"], "å"),
            (["Ǆ", "ǅ", "ǆ"], "ǆ"),
            (["\u{1E9E}", "ß", "ss", "SS"], "ss"),
            (["K", "\u{212A}"], "k"),
            (["Ꭰ", "ꭰ"], "Ꭰ"),
            (["ᾳ", "ΑΙ", "αι"], "αι"),
            (["한글", "\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}"], "한글"),
        ])
    func spellings(texts: [String], folded: String) {
        for text in texts {
            #expect(Array(CaseFolding.fold(text).utf8) == Array(folded.utf8), "\(text)")
        }
    }

    @Test("folds as everywhere, not as in Turkey: dotless i stays a letter of its own")
    func turkish() {
        #expect(CaseFolding.fold("I") == "i")
        #expect(CaseFolding.fold("ı") == "ı")
        #expect(CaseFolding.fold("ı") != CaseFolding.fold("i"))
        #expect(Array(CaseFolding.fold("İ").unicodeScalars) == ["i", "\u{307}"])
        #expect(CaseFolding.fold("İ") != CaseFolding.fold("i"))
    }

    @Test(
        "leaves alone what has no case",
        arguments: ["", "0123-_.@+", "東京", "👩‍👩‍👧", "🇩🇪", "\u{FE0F}", " ", "a\u{200D}b", "אבג", "\0"])
    func uncased(text: String) {
        #expect(Array(CaseFolding.fold(text).utf8) == Array(text.utf8))
    }

    @Test(
        "keeps apart what is only alike",
        arguments: [
            ("alice", "a\u{43B}ice"), ("o", "0"), ("a", "\u{430}"), ("ﬀ", "f"), ("a b", "ab"),
            ("²", "2"), ("ａ", "a"), ("e", "é"),
        ])
    func different(left: String, right: String) {
        #expect(CaseFolding.fold(left) != CaseFolding.fold(right))
    }

    @Test("is the same when it is done twice, for every scalar alone and with a mark")
    func idempotent() {
        for value in UInt32(0)..<0x30000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for text in [String(scalar), "\(scalar)\u{301}"] {
                let once = CaseFolding.fold(text)
                let twice = CaseFolding.fold(once)
                guard Array(twice.utf8) != Array(once.utf8) else { continue }
                Issue.record("U+\(String(value, radix: 16)) folds to \(once), then to \(twice)")
            }
        }
    }

    @Test("takes long texts")
    func long() {
        let text = String(repeating: "Straße ", count: 10_000)
        #expect(CaseFolding.fold(text) == String(repeating: "strasse ", count: 10_000))
    }
}
