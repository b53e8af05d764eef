import TestSupport
import Testing

@Suite("Transcripts of `keys assertion`", .blocking)
struct AssertionKeyTranscriptTests {
    private let shell: Shell

    init() throws {
        shell = try Shell()
        try shell.folder.write("o.yaml", "version: 1\ndata: d\n")
    }

    private func keys(_ flags: String = "") throws -> [Substring] {
        try shell.output("ostiary keys assertion \(flags) --config o.yaml").split(separator: "\n")
    }

    private func id(_ line: Substring) -> Substring { line.prefix { $0 != " " } }

    @Test("without keys it says who makes them, and makes none")
    func none() throws {
        #expect(
            try keys() == [
                "there is no key yet: the gateway makes one when its policy asks for assertions"
            ])
        #expect(try keys("--jwks") == ["{\"keys\":[]}"])
        #expect(try shell("ls d").status != 0)
    }

    @Test("the next key is published beside the one that signs; a replacement is alone")
    func changes() throws {
        let first = try keys("--rotate")
        #expect(first.count == 1 && first[0].contains("  signs since "))
        let both = try keys("--rotate")
        #expect(both.count == 2 && both[0] == first[0] && both[1].contains("  next, signs from "))
        #expect(try keys() == both)
        let set = try keys("--jwks").joined()
        for line in both { #expect(set.contains("\"kid\":\"\(id(line))\"")) }
        #expect(!set.contains("\"d\":"))
        let replaced = try keys("--replace")
        #expect(replaced.count == 1 && replaced[0].contains("  signs since "))
        #expect(!both.map(id).contains(id(replaced[0])))
        #expect(
            try shell.output("stat -c %a d/keys/assertion d/keys/assertion/*.pem") == "700\n600\n")
    }

    @Test("keys of the configuration are shown and left alone, and what is none is named")
    func configured() throws {
        _ = try shell.output("ostiary keys generate --out a.pem > /dev/null")
        #expect(try keys("--set assertion.keys=a.pem").map { $0.hasSuffix("  signs") } == [true])
        let refusal = try shell.failure(
            "ostiary keys assertion --replace --set assertion.keys=a.pem --config o.yaml")
        #expect(refusal.status == 78 && refusal.error.contains("put the new one first there"))
        _ = try shell.output("ostiary keys generate --alg EdDSA --out b.pem > /dev/null")
        for (files, words) in [
            ("b.pem", "it is not for ES256"), ("a.pem,a.pem", "the same key as a file before it"),
            ("c.pem", "no such file or directory"),
        ] {
            let refusal = try shell.failure(
                "ostiary keys assertion --set assertion.keys=\(files) --config o.yaml")
            #expect(refusal.status == 78 && refusal.error.contains(words), "\(refusal.error)")
        }
        let both = try shell.failure(
            "ostiary keys assertion --set assertion.keys=a.pem --set assertion.rotation=7d "
                + "--config o.yaml")
        #expect(both.error.contains("`assertion.keys` names others; remove one of the two"))
    }
}
