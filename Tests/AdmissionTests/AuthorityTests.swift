import Testing

@testable import Admission

@Suite("Authority")
struct AuthorityTests {
    struct Case: Sendable {
        let source: String
        let host: String
        let authority: String

        init(_ source: String, _ host: String, _ authority: String? = nil) {
            self.source = source
            self.host = host
            self.authority = authority ?? host
        }
    }

    @Test(
        "reads every spelling of a host as one host",
        arguments: [
            Case("app.test", "app.test"), Case("APP.test", "app.test"),
            Case("aPP.TesT", "app.test"), Case("app.test.", "app.test"),
            Case("app.test:443", "app.test", "app.test:443"),
            Case("APP.test.:443", "app.test", "app.test:443"),
            Case("app.test:65535", "app.test", "app.test:65535"),
            Case("app.test:", "app.test"), Case("a", "a"), Case("a_b-c.9", "a_b-c.9"),
            Case("127.0.0.1:8080", "127.0.0.1", "127.0.0.1:8080"),
            Case("[::1]", "[::1]"), Case("[::1]:80", "[::1]", "[::1]:80"),
            Case("[::1]:", "[::1]"), Case("[2001:DB8::A]", "[2001:db8::a]"),
            Case("[::ffff:1.2.3.4]:1", "[::ffff:1.2.3.4]", "[::ffff:1.2.3.4]:1"),
        ])
    func accepted(_ row: Case) {
        let reading = RequestText(host: row.source).reading
        #expect(reading?.host == row.host)
        #expect(reading?.authority == row.authority)
    }

    @Test(
        "refuses what is not one host with at most one port",
        arguments: [
            "", ".", ":", ":80", "app.test:80@evil", "user@app.test", "app.test, evil",
            "app.test,evil", "app.test evil", "app.test/", "app.test/path", "app.test?x",
            "app.test#x",
            "app.test\\evil", "app.test;x", "app.test:80:80", "app.test::80", "app.test:+80",
            "app.test:-1", "app.test:0", "app.test:00000", "app.test:080", "app.test:65536",
            "app.test:000080",
            "app.test:99999", "app.test:8o", "app.test: 80", "app.test:80 ", " app.test",
            "app.test\t",
            "app%2etest", "http://app.test", "app*test", "*", "app\u{0}test", "app.test\u{1}",
            "\u{e4}pp.test", "app.test\u{7f}", "[", "]", "[]", "[:]", "[::1", "::1]", "[::1]x",
            "[::1]80", "[::1]]", "[[::1]]", "[::1]:0", "[::1]:99999", "[::1]:x", "[::1%25eth0]",
            "[::1%lo]", "[g::1]", "[::1 ]", "a[::1]", "::1",
        ])
    func refused(_ host: String) {
        #expect(RequestText(host: host).rejection == .badFraming)
    }

    @Test("a name may have 254 bytes and no more")
    func longest() {
        let name = String(repeating: "a.", count: 127)
        #expect(RequestText(host: name).reading?.host == String(name.dropLast()))
        #expect(RequestText(host: name + "a").rejection == .badFraming)
    }

    @Test("canonical authorities are their own canonical form")
    func idempotent() {
        for host in ["App.Test.:80", "[2001:DB8::A]:9", "X", "1.2.3.4:"] {
            let once = RequestText(host: host).reading?.authority
            #expect(once != nil)
            #expect(RequestText(host: once).reading?.authority == once)
        }
    }

    @Test("no host at all means the configured authority")
    func absent() {
        let reading = RequestText(host: nil, defaultAuthority: "[::1]:8050").reading
        #expect(reading?.host == "[::1]")
        #expect(reading?.authority == "[::1]:8050")
    }
}
