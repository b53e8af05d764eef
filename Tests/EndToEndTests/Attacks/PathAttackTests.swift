import TestSupport
import Testing

@Suite("attacks on the path and target", .gateOverAllTransports, .serialized)
struct PathAttackTests {
    @Test(
        "P1: a path that climbs is refused",
        arguments: ["/public/../admin/x", "/public/./a", "/public/..", "/..", "/../admin", "/."])
    func climbing(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test(
        "P2: encoded dots are dots",
        arguments: [
            "/public/%2e%2e/admin/x", "/public/.%2e/admin/x", "/public/%2E%2E%2Fadmin",
            "/public/%2e./admin/x", "/public/%2e/a",
        ])
    func encodedDots(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test(
        "P3: an encoded slash does not hide dots",
        arguments: ["/public/..%2fadmin/x", "/public/..%2Fadmin/x", "/public/a%2fb"])
    func encodedSlash(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test(
        "P4: a backslash is no separator and no character of a path",
        arguments: ["/public/..%5cadmin/x", "/public/..%5Cadmin", #"/public\..\admin"#])
    func backslash(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test(
        "P5: parameters do not disguise dots",
        arguments: [
            "/public/..;/admin/x", "/public/..;a=b/admin", "/public/.;/a", "/public/%2e%2e;x/admin",
        ])
    func dotsWithParameters(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test("P6: parameters do not change which route a segment selects", arguments: ["GET", "POST"])
    func parameters(method: String) throws {
        try expectBlocked(Attack("/admin;x=1/y", method: method, token: "A"), status: [403, 400])
    }

    @Test(
        "P7: empty segments are refused",
        arguments: ["//admin/x", "/public//../admin", "/%2fadmin"])
    func emptySegments(target: String) throws {
        try expectBlocked(Attack(target, token: "A"), status: [400, 403])
    }

    @Test(
        "P8: a path encoded twice is refused",
        arguments: ["/public/%252e%252e/admin", "/public/%25%32%65/a", "/public/a%252fb"])
    func encodedTwice(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test("P9: another letter case is not the admin route", arguments: ["/ADMIN/x", "/Admin/x"])
    func letterCase(target: String) throws {
        try expectBlocked(Attack(target, token: "A"), status: [403])
    }

    @Test(
        "P10: encoded control characters are refused",
        arguments: ["/admin%00.png", "/admin%0d%0a", "/admin%7f", "/public/%00", "/public/a%09b"])
    func controlCharacters(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test(
        "P11: the query is never matched",
        arguments: ["/admin/x?/public/", "/admin/x?x=/api/status"])
    func query(target: String) throws {
        try expectBlocked(Attack(target), status: [401], reason: "unauthenticated")
    }

    @Test(
        "P12: a fragment is refused",
        arguments: ["/admin/x#/public/", "/public/a#b", "/admin/x%23/api/status", "/public/a?b#c"])
    func fragment(target: String) throws {
        try expectBlocked(Attack(target), status: [400])
    }

    @Test("P13: a target without a slash is refused", arguments: ["admin/x", "public/a", "?a", ""])
    func noSlash(target: String) throws {
        try expectBlocked(Attack(target), status: [400])
    }

    @Test("P14: the absolute form must agree with Host")
    func absoluteFormOtherHost() throws {
        let raw = "GET http://app.test/public/a HTTP/1.1\r\nHost: other\r\n\r\n"
        try expectBlocked(Attack(label: "Host: other", raw: raw), status: [400])
    }

    @Test(
        "P15: the absolute form does not change the host",
        arguments: [
            "http://other/admin/x", "http://other/public/a", "https://other/public/a",
            "http://app.test@other/public/a", "ftp://app.test/public/a",
        ])
    func absoluteFormForeign(target: String) throws {
        try expectBlocked(Attack(target), status: [400])
    }

    @Test(
        "P16: look-alikes of the admin path are never admin content",
        arguments: [
            "/admin/", "/admin", "/admin.", "/admin%20", "/admin..", "/admin%20/x", "/admin./x",
        ])
    func adminLookAlikes(target: String) throws {
        try expectBlocked(Attack(target, token: "A"), status: [400, 403, 404])
    }

    @Test("P16: a trailing slash is significant and kept", arguments: ["/public/a/", "/public/a"])
    func trailingSlash(target: String) throws {
        #expect(try expectForwarded(Attack(target)).target == target)
    }

    @Test(
        "P17: a public path does not open what lies beside it",
        arguments: ["/api/status/../secret", "/api/status%2f..%2fsecret"])
    func besidePublic(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test(
        "P18: overlong and broken encodings are refused",
        arguments: [
            "/public/%c0%ae%c0%ae/", "/public/%e0%80%af", "/public/%zz", "/public/%u002e",
            "/public/%", "/public/%4", "/public/%ff", "/public/%ed%a0%80",
        ])
    func brokenEncodings(target: String) throws {
        try expectBlocked(Attack(target), status: [400], reason: "bad_target")
    }

    @Test(
        "P19: raw bytes outside ASCII are refused",
        arguments: ["/\u{EF}\u{BD}\u{81}dmin/x", "/public/\u{E9}", "/public/\u{80}"])
    func rawNonASCII(target: String) throws {
        try expectBlocked(Attack(target, token: "A"), status: [400])
    }

    @Test(
        "P19: encoded look-alikes are not admin", arguments: ["/%EF%BD%81dmin/x", "/a%CC%81dmin/x"])
    func encodedLookAlikes(target: String) throws {
        try expectBlocked(Attack(target, token: "A"), status: [403, 404])
    }

    @Test(
        "P20: a path variable cannot be climbed out of or spelt otherwise",
        arguments: [
            ("/users/alice/../root/p", 400), ("/users/alice%2f..%2froot/p", 400),
            ("/users/Alice/p", 403), ("/users/root/p", 403),
        ])
    func userVariable(target: String, status: Int) throws {
        try expectBlocked(Attack(target, token: "A"), status: [status])
    }

    @Test(
        "P21: a path variable compares exactly",
        arguments: [("/users/alice%00root/p", 400), ("/users/alice%20/p", 403)])
    func inexactVariable(target: String, status: Int) throws {
        try expectBlocked(Attack(target, token: "A"), status: [status])
    }

    @Test("P21: an encoded unreserved letter is that letter, and is forwarded as it")
    func encodedLetter() throws {
        let received = try expectForwarded(Attack("/users/%61lice/p?q=%61", token: "A"))
        #expect(received.target == "/users/alice/p?q=%61")
        expectIdentity("alice", roles: "viewer", in: received)
    }

    @Test(
        "P22: huge paths are refused",
        arguments: [
            Attack("/" + String(repeating: "a", count: 1_000_000), label: "1 MB"),
            Attack(String(repeating: "/a", count: 10_000), label: "10 000 segments"),
            Attack("/" + String(repeating: "../", count: 10_000), label: "10 000 × ../"),
        ])
    func hugePath(attack: Attack) throws {
        try expectBlocked(attack, status: [414, 400])
    }

    @Test(
        "P22: refusing a huge path takes less than 5 ms (an unoptimised build: 50 ms)",
        arguments: [
            Attack(String(repeating: "/a", count: 10_000), label: "10 000 segments"),
            Attack("/" + String(repeating: "../", count: 10_000), label: "10 000 × ../"),
        ])
    func hugePathIsCheap(attack: Attack) throws {
        let fixture = try currentFixture()
        // The quickest of several: other suites keep the machine busy meanwhile.
        let times = try (1...10).map { _ in
            try ContinuousClock().measure {
                _ = try fixture.gate.exchange(attack.request)
            }
        }
        #if DEBUG
            let bound = Duration.milliseconds(50)
        #else
            let bound = Duration.milliseconds(5)
        #endif
        #expect(try #require(times.min()) < bound)
    }

    @Test(
        "P23: OPTIONS *, CONNECT and TRACE are not served",
        arguments: [
            Attack("*", method: "OPTIONS"), Attack("/admin", method: "TRACE"),
            Attack("/public/a", method: "TRACE"),
            Attack(
                label: "CONNECT", raw: "CONNECT app.test:443 HTTP/1.1\r\nHost: app.test:443\r\n\r\n"
            ),
            Attack(
                label: "CONNECT", raw: "CONNECT app.test:443 HTTP/1.1\r\nHost: app.test\r\n\r\n"),
        ])
    func specialMethods(attack: Attack) throws {
        try expectBlocked(attack, status: [400, 405, 501])
    }

    @Test(
        "M1: a method that a field or the query names changes nothing",
        arguments: [
            "X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE",
            "X-Method-Override: DELETE", "X_HTTP_Method_Override: DELETE",
        ])
    func namedMethod(field: String) throws {
        let received = try expectForwarded(
            Attack("/api/x?_method=DELETE", token: "A", fields: [field]))
        #expect(received.method == "GET")
        #expect(received.target == "/api/x?_method=DELETE")
        #expect(!received.headerLines.contains { $0.contains("DELETE") })
    }

    @Test(
        "M2: methods are compared exactly",
        arguments: [
            Attack("/admin/x", method: "get"), Attack("/public/a", method: "GeT"),
            Attack("/public/a", method: "G\tET"), Attack("/admin", method: "FOO"),
        ])
    func methodSpelling(attack: Attack) throws {
        try expectBlocked(attack, status: [400, 405, 501])
    }

    @Test("M3: HEAD needs what GET needs")
    func headFollowsGet() throws {
        try expectBlocked(Attack("/admin/x", method: "HEAD"), status: [401])
    }

    @Test("M5: OPTIONS without a preflight's fields is an ordinary request")
    func plainOptions() throws {
        try expectBlocked(Attack("/admin/x", method: "OPTIONS"), status: [401])
    }
}
