import Testing

@testable import Outbound

@Suite("URLs of documents")
struct WebURLTests {
    @Test(
        "an address in another spelling is the address",
        arguments: [
            "https://127.1/", "https://0x7f000001/", "https://2130706433/", "https://0177.0.0.1/",
            "https://0x7f.1/k",
        ])
    func spellings(url: String) throws {
        #expect(try WebURL(url, allowsHTTP: false).host == "127.0.0.1")
    }

    @Test(
        "refuses what is no whole https URL",
        arguments: [
            "", "a.test/jwks", "/jwks", "http://a.test/", "ftp://a.test/", "file:///etc/passwd",
            "https:///jwks", "https://", "https://a.test:0x/", "https://a.test:99999/",
            "https://a b/", "https://user@a.test/", "https://user:word@a.test/", "gopher://a/",
            "https://a.test/\r\nX: 1", "https://a.test/\u{0}",
        ])
    func refused(url: String) {
        #expect(throws: FetchError.self) { try WebURL(url, allowsHTTP: false) }
    }

    @Test("says nothing of a password in a URL, nor of the query")
    func secrecy() throws {
        #expect {
            try WebURL("https://me:hush@a.test/", allowsHTTP: false)
        } throws: {
            !"\($0)".contains("hush")
        }
        let url = try WebURL("https://a.test/jwks?key=hush", allowsHTTP: false)
        #expect(url.description == "https://a.test/jwks")
        #expect(url.text.hasSuffix("?key=hush"))
    }

    @Test("keeps what others wrote on one line and short")
    func shown() throws {
        let long = try WebURL(
            "https://a.test/é`\(String(repeating: "x", count: 500))", allowsHTTP: false)
        #expect(long.description.utf8.count < 220)
        #expect(long.description.hasPrefix("https://a.test/??x"))
    }

    @Test(
        "origins differ by scheme, host or port, not by letter case or a spelt-out port",
        arguments: [
            ("https://a.test/x", true), ("https://A.TEST:443/", true), ("http://a.test/", false),
            ("https://a.test:444/", false), ("https://b.a.test/", false),
            ("https://a.test./", false),
        ])
    func origins(other: String, isSame: Bool) throws {
        let url = try WebURL("https://a.test/jwks", allowsHTTP: true)
        #expect(try WebURL(other, allowsHTTP: true).hasSameOrigin(as: url) == isSame)
    }
}
