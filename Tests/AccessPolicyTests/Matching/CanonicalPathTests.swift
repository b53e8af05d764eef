import AccessPolicy
import Testing

@Suite struct CanonicalPathTests {
    @Test(
        "accepts a path that is canonical, and leaves it as it is",
        arguments: [
            "/", "/a", "/a/", "/a/b/c", "/-._~", "/a!$&'()*+,;=:@z", "/a;x=1/b", "/a;", "/...",
            "/.a", "/..a", "/a..", "/a.", "/%20", "/a%20b", "/%C3%A9", "/%E2%82%AC",
            "/%F0%9F%98%80", "/%3A%40%21%2A", "/%22%3C%3E%5B%5D%5E%60%7B%7C%7D", "/a/;x",
            "/%EF%BF%BF",
        ])
    func canonicalForm(path: String) { #expect(canonical(path) == path) }

    @Test(
        "decodes unreserved escapes and writes the others in upper case",
        arguments: [
            ("/%61", "/a"), ("/%41%5A%30", "/AZ0"), ("/%7Euser", "/~user"), ("/%7euser", "/~user"),
            ("/%2dx%5f", "/-x_"), ("/%c3%a9", "/%C3%A9"), ("/%3a", "/%3A"), ("/a%2eb", "/a.b"),
            ("/%e2%82%ac/%61", "/%E2%82%AC/a"), ("/%2e%2e%2e", "/..."),
        ])
    func decoding(path: String, expected: String) { #expect(canonical(path) == expected) }

    @Test(
        "refuses what two programs could understand differently",
        arguments: [
            ("", .notAbsolute), ("a", .notAbsolute), ("*", .notAbsolute), ("%2Fa", .notAbsolute),
            ("http://app.test/", .notAbsolute),
            ("/a b", .forbiddenByte), ("/a\\b", .forbiddenByte), ("/a#b", .forbiddenByte),
            ("/a?b", .forbiddenByte), ("/a\"b", .forbiddenByte), ("/<a>", .forbiddenByte),
            ("/[a]", .forbiddenByte), ("/a^b", .forbiddenByte), ("/`", .forbiddenByte),
            ("/{a}", .forbiddenByte), ("/a|b", .forbiddenByte), ("/\u{0}", .forbiddenByte),
            ("/\t", .forbiddenByte), ("/\r\n", .forbiddenByte), ("/\u{7F}", .forbiddenByte),
            ("/é", .forbiddenByte), ("/ａ", .forbiddenByte),
            ("/%", .malformedEscape), ("/%4", .malformedEscape), ("/%zz", .malformedEscape),
            ("/%4g", .malformedEscape), ("/%u002e", .malformedEscape), ("/%%41", .malformedEscape),
            ("/%4/", .malformedEscape), ("/% 1", .malformedEscape), ("/%+1", .malformedEscape),
            ("/%00", .encodedControl), ("/%0d%0a", .encodedControl), ("/%1F", .encodedControl),
            ("/%7f", .encodedControl), ("/%09", .encodedControl),
            ("/%80", .invalidUTF8), ("/%BF", .invalidUTF8), ("/%C0%AE", .invalidUTF8),
            ("/%c1%bf", .invalidUTF8), ("/%E0%80%AF", .invalidUTF8), ("/%E0%9F%BF", .invalidUTF8),
            ("/%ED%A0%80", .invalidUTF8), ("/%F0%8F%BF%BF", .invalidUTF8),
            ("/%F4%90%80%80", .invalidUTF8), ("/%F5%80%80%80", .invalidUTF8),
            ("/%FF", .invalidUTF8), ("/%C3", .invalidUTF8), ("/%C3a", .invalidUTF8),
            ("/%C3%41", .invalidUTF8), ("/%E2%82", .invalidUTF8), ("/%E2%82/%AC", .invalidUTF8),
            ("/%C3%4", .malformedEscape),
            ("/.", .dotSegment), ("/..", .dotSegment), ("/a/./b", .dotSegment),
            ("/a/../b", .dotSegment), ("/a/..", .dotSegment), ("/%2e", .dotSegment),
            ("/%2E%2e/a", .dotSegment), ("/.%2e/a", .dotSegment), ("/..;/a", .dotSegment),
            ("/..;a=b/a", .dotSegment), ("/.;/a", .dotSegment), ("/%2e%2e;x/a", .dotSegment),
            ("/a/..;", .dotSegment), ("/a/..;x;y", .dotSegment),
            ("//", .emptySegment), ("//a", .emptySegment), ("/a//b", .emptySegment),
            ("/a//", .emptySegment), ("/;/a", .emptySegment), ("/a/;x=1/b", .emptySegment),
        ] as [(String, TargetRejection)])
    func refusals(path: String, reason: TargetRejection) {
        #expect(throws: reason) { try parse(path) }
    }

    @Test("refuses every raw byte outside of pchar and slash, and no other")
    func everyRawByte() {
        let pchar =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@"
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: "%") {
            let path = [UInt8(ascii: "/"), UInt8(ascii: "a"), byte]
            let accepted = (try? CanonicalPath(parsing: path.span)) != nil
            #expect(accepted == (pchar.utf8.contains(byte) || byte == UInt8(ascii: "/")), "\(byte)")
        }
    }

    @Test("knows every escaped ASCII byte as unreserved, kept or refused")
    func everyEscapedByte() {
        let unreserved =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
        for byte in UInt8(0)..<0x80 {
            let digits = String(byte, radix: 16, uppercase: true)
            let escape = "%" + (byte < 16 ? "0" : "") + digits
            let expected: String? =
                if byte < 0x20 || byte == 0x7F {
                    nil
                } else if unreserved.utf8.contains(byte) {
                    "/a" + String(Unicode.Scalar(byte))
                } else {
                    "/a" + escape
                }
            #expect(canonical("/a" + escape) == expected)
            #expect(canonical("/a" + escape.lowercased()) == expected)
        }
    }

    @Test("accepts the escapes of exactly those byte sequences that are UTF-8")
    func everyTwoByteSequence() {
        for first in UInt8(0x80)...UInt8.max {
            for second in UInt8(0x80)...UInt8.max {
                let isValid = String(validating: [first, second], as: UTF8.self) != nil
                let path = "/%" + String(first, radix: 16) + "%" + String(second, radix: 16)
                #expect((canonical(path) != nil) == isValid, "\(path)")
            }
        }
    }

    @Test("tells the segments apart, with an empty last one for a trailing slash")
    func segments() throws {
        func segments(_ path: String) throws -> [String] {
            let path = try parse(path)
            return path.segments.map { String(decoding: path.bytes[$0], as: UTF8.self) }
        }
        #expect(try segments("/") == [""])
        #expect(try segments("/a") == ["a"])
        #expect(try segments("/a/") == ["a", ""])
        #expect(try segments("/%61b/c%20;d/e") == ["ab", "c%20;d", "e"])
    }

    @Test("takes 256 segments and refuses one more")
    func segmentBound() {
        let longest = String(repeating: "/a", count: CanonicalPath.maximumSegments)
        #expect(canonical(longest) == longest)
        #expect(throws: TargetRejection.tooManySegments) { try parse(longest + "/") }
    }

    @Test("keeps nothing of the path whose storage it recycles")
    func recycling() throws {
        let long = try parse("/a/%20/b/c/d")
        let short = try CanonicalPath(parsing: Array("/x".utf8).span, recycling: long)
        #expect(try short == parse("/x"))
        let again = try CanonicalPath(parsing: Array("/%C3%A9/y/z".utf8).span, recycling: short)
        #expect(try again == parse("/%C3%A9/y/z"))
    }

    @Test("recycling keeps the storage, so that a path no longer than before allocates nothing")
    func recycledStorage() throws {
        var path = try parse("/" + String(repeating: "a/", count: 40))
        let (bytes, segments) = (path.bytes.capacity, path.segments.capacity)
        for text in ["/", "/x/%20/y", "/" + String(repeating: "b/", count: 40)] {
            let target = Array(text.utf8)
            path = try CanonicalPath(parsing: target.span, recycling: consume path)
            #expect(path.bytes.capacity == bytes)
            #expect(path.segments.capacity == segments)
        }
    }
}
