import TestSupport
import Testing

@testable import TokenIssuing

@Suite("Names that people type")
struct NameParsingTests {
    @Test(
        "user names are taken as typed",
        arguments: [
            "a", "alice", "Alice Liddell", "ålice", "李", "a.b-c_d", "<b>", "👩‍👩‍👧", "O'Neil",
            String(repeating: "x", count: 255), String(repeating: "ß", count: 255),
        ])
    func goodUsername(text: String) throws {
        #expect(try Username(parsing: text).text == text)
    }

    @Test(
        "other user names are refused",
        arguments: [
            ("", FieldError.Code.required), (String(repeating: "x", count: 256), .tooLong),
            ("a@b", .forbiddenCharacter), ("@", .forbiddenCharacter),
            ("a\u{0}b", .forbiddenCharacter), ("a\nb", .forbiddenCharacter),
            ("a\u{7F}", .forbiddenCharacter), ("a\u{85}b", .forbiddenCharacter),
            ("a\u{2028}b", .forbiddenCharacter), (" alice", .outerWhiteSpace),
            ("alice ", .outerWhiteSpace), ("\u{A0}alice", .outerWhiteSpace),
            ("alice\u{3000}", .outerWhiteSpace), (" ", .outerWhiteSpace),
        ])
    func badUsername(text: String, code: FieldError.Code) {
        let error = #expect(throws: FieldError.self) { try Username(parsing: text) }
        #expect(error?.code == code)
        #expect(error?.field == "username")
    }

    @Test("user names that people take for the same fold to the same")
    func folding() throws {
        let spellings = ["Straße", "STRASSE", "strasse"]
        let folded = try Set(spellings.map { try Username(parsing: $0).folded })
        #expect(folded.count == 1)
        #expect(
            try Username(parsing: "Zoe\u{308}").folded == Username(parsing: "zo\u{EB}").folded)
        #expect(try EmailAddress(parsing: "Alice@EXAMPLE.com").folded == "alice@example.com")
        #expect(SignInName("ALICE@example.COM") == .email(folded: "alice@example.com"))
        #expect(SignInName("ALICE") == .username(folded: "alice"))
    }

    @Test(
        "e-mail addresses are taken as typed",
        arguments: [
            "alice@example.com", "Alice@EXAMPLE.com", "a.b+c@x.example.co.uk", "a@localhost",
            "o'neil@example.ie", "用户@例え.jp", "a@xn--r8jz45g.jp", "1@2.3",
            String(repeating: "x", count: 64) + "@example.com", "a_b-c=d@a-b.example",
        ])
    func goodAddress(text: String) throws {
        #expect(try EmailAddress(parsing: text).text == text)
    }

    @Test(
        "other e-mail addresses are refused",
        arguments: [
            "alice", "@example.com", "alice@", "a@b@example.com", "a@example", "a b@example.com",
            " a@example.com", "a@example.com ", "a@example.com\n", "a\r\nBcc:x@example.com",
            "a@exa mple.com", "a@.com", "a@example..com", "a@example.com.", "a@-x.com", "a@x-.com",
            ".a@example.com", "a.@example.com", "a..b@example.com", "\"a\"@example.com",
            "a@[192.0.2.1]", "a@x_y.com", "<a@example.com>", "a,b@example.com", "a;b@example.com",
            "a\u{0}@example.com", "a\u{202E}@example.com", "a@exam\u{200B}ple.com",
            "a@x\u{A0}y.com",
            String(repeating: "x", count: 65) + "@example.com",
            "a@" + String(repeating: "x", count: 64) + ".com", "a@example.com,b@example.com",
        ])
    func badAddress(text: String) {
        let error = #expect(throws: FieldError.self) { try EmailAddress(parsing: text) }
        #expect(error?.code == .malformed)
        #expect(error?.field == "email")
    }

    @Test("e-mail addresses have at most 254 bytes")
    func longAddress() throws {
        let labels = Array(repeating: String(repeating: "x", count: 61), count: 4)
        let address = "abc@" + labels.joined(separator: ".") + "."
        #expect(address.utf8.count == 252)
        #expect(throws: Never.self) { try EmailAddress(parsing: address + "de") }
        let error = #expect(throws: FieldError.self) { try EmailAddress(parsing: address + "def") }
        #expect(error?.code == .tooLong)
    }

    @Test("whatever is typed, a name that is taken has no controls, and folds to one form")
    func randomNames() throws {
        var generator = SeededGenerator(for: "names")
        let scalars: [Unicode.Scalar] = [
            "a", "Z", "ß", "İ", "\u{301}", "é", "@", ".", " ", "\n", "\u{0}", "\u{85}", "\u{2029}",
            "Σ", "ς", "ﬁ", "ﷺ", "\u{1F600}", "-",
        ]
        for _ in 0..<propertyRounds(3_000) {
            let count = Int.random(in: 0...8, using: &generator)
            let text = String(
                String.UnicodeScalarView((0..<count).map { _ in generator.pick(scalars) }))
            if let name = try? Username(parsing: text) {
                #expect(name.text.utf8.elementsEqual(text.utf8))
                #expect(!name.text.unicodeScalars.contains { TextRules.isControl($0) })
                #expect(!name.folded.isEmpty)
                let twice = try Username(parsing: name.folded)
                #expect(twice.folded.utf8.elementsEqual(name.folded.utf8))
                #expect(SignInName(text) == .username(folded: name.folded))
            }
            if let address = try? EmailAddress(parsing: text + "@x.example") {
                #expect(SignInName(text + "@x.example") == .email(folded: address.folded))
            }
        }
    }
}
