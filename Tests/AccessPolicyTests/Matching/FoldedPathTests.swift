import AccessPolicy
import Testing

@Suite struct FoldedPathTests {
    private func folded(_ path: String) throws -> String {
        String(decoding: try parse(path).foldedBytes, as: UTF8.self)
    }

    @Test(
        "a path that is its own folded form is known as that",
        arguments: ["/", "/a", "/a/b.c/d-e_f~g", "/Admin/X", "/a/.b", "/a:b@c!$&'()*+,=d"])
    func ownForm(path: String) throws {
        #expect(try parse(path).isFolded)
        #expect(try folded(path) == path)
    }

    @Test(
        "the folded path is what a lenient server could make of it",
        arguments: [
            ("/a/", "/a"), ("/a%20b", "/a b"), ("/caf%C3%A9", "/café"), ("/a%3Ab", "/a:b"),
            ("/a;x=1/b", "/a/b"), ("/a;", "/a"), ("/a%3Bx/b", "/a/b"), ("/a;x%2F..%2Fb", "/b"),
            ("/a%2Fb", "/a/b"), ("/a%5Cb", "/a/b"), ("/a%2F%2Fb", "/a/b"), ("/a/%2Fb", "/a/b"),
            ("/a/..%2Fb", "/b"), ("/a/.%2Fb", "/a/b"), ("/a%2F..", "/"), ("/..%2F..%2Fb", "/b"),
            ("/a/..%3Bx/b", "/b"), ("/a.", "/a"), ("/a..", "/a"), ("/a%20", "/a"),
            ("/a.%20.", "/a"), ("/a./b.", "/a/b"), ("/a.;x", "/a"), ("/...", "/"),
            ("/a/.../b", "/a/b"), ("/a/...%2F../b", "/a/b"), ("/a/..%20/b", "/b"), ("/%20", "/"),
            ("/a%23b", "/a#b"), ("/a%3Fb", "/a?b"), ("/a%25b", "/a%b"), ("/a%25zz", "/a%zz"),
            ("/a%252Fb", "/a/b"), ("/a%252e%252e", "/a"), ("/a/%252e%252e/b", "/b"),
            ("/a%25252525zz", "/a%zz"), ("/A%2FB", "/A/B"), ("/a/%2E%2e%2fb", "/b"),
        ])
    func folding(path: String, expected: String) throws {
        #expect(try folded(path) == expected)
        #expect(try !parse(path).isFolded)
    }

    @Test("four rounds of decoding are made, and a path that needs a fifth is refused")
    func rounds() throws {
        #expect(try folded("/a%2525252Fb") == "/a/b")
        #expect(throws: TargetRejection.tooManyEscapes) { try parse("/a%252525252Fb") }
        #expect(throws: TargetRejection.tooManyEscapes) { try parse("/%2525252525") }
    }

    @Test(
        "what a canonical path cannot hold is not hidden in one either",
        arguments: [
            ("/%2500", .encodedControl), ("/%250a", .encodedControl), ("/%257F", .encodedControl),
            ("/%25C0%25AE", .invalidUTF8), ("/%25ff", .invalidUTF8), ("/%25c3", .invalidUTF8),
        ] as [(String, TargetRejection)])
    func hidden(path: String, reason: TargetRejection) {
        #expect(throws: reason) { try parse(path) }
    }

    @Test("a path does not have more segments for being decoded")
    func segmentBound() throws {
        let path = "/a" + String(repeating: "%2Fa", count: 255)
        #expect(try parse(path).foldedSegments.count == 256)
        #expect(throws: TargetRejection.tooManySegments) { try parse(path + "%2Fa") }
    }

    @Test("the escaped delimiters of a path are known")
    func opaque() throws {
        let all: [(String, EscapeSet)] = [
            ("%2F", .slash), ("%5C", .backslash), ("%25", .percent), ("%3B", .semicolon),
            ("%23", .hash), ("%3F", .question), ("%20", []), ("%61", []),
        ]
        for (escape, set) in all {
            #expect(try parse("/a\(escape)b").opaque == set, "\(escape)")
            #expect(try parse("/a\(escape.lowercased())b").opaque == set, "\(escape)")
        }
        #expect(try parse("/%2F/%3f").opaque == [.slash, .question])
    }

    @Test("segments are compared in the view that is asked for")
    func comparing() throws {
        let path = try parse("/users/alice/..%2Froot")
        func isUser(_ name: String, _ view: PathView) -> Bool {
            path.segment(1, in: view, equals: name.utf8.span)
        }
        #expect(isUser("alice", .asSent) && !isUser("root", .asSent))
        #expect(isUser("root", .folded) && !isUser("Root", .folded))
        #expect(path.text(ofSegment: 2, in: .asSent) == Array("../root".utf8))
        let twice = try parse("/a%3Ab/a:b;x/c")
        #expect(!twice.segment(0, in: .asSent, equalsSegment: 1))
        #expect(twice.segment(0, in: .folded, equalsSegment: 1))
        #expect(!twice.segment(0, in: .folded, equalsSegment: 2))
    }

    @Test("folding uses the storage of the last path again, and keeps nothing of it")
    func recycling() throws {
        var path = try parse("/" + String(repeating: "a;x/", count: 40))
        let (bytes, segments) = (path.foldedBytes.capacity, path.foldedSegments.capacity)
        for text in ["/a;b", "/", "/x%2F%252Fy", "/" + String(repeating: "b;/", count: 40)] {
            let target = Array(text.utf8)
            path = try CanonicalPath(parsing: target.span, recycling: consume path)
            #expect(try path == parse(text))
            guard !path.isFolded else { continue }
            #expect(path.foldedBytes.capacity == bytes)
            #expect(path.foldedSegments.capacity == segments)
        }
    }
}
