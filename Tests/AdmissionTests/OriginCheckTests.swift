import AccessPolicy
import Testing

@testable import Admission

@Suite("OriginCheck")
struct OriginCheckTests {
    private func fault(
        _ rule: WebSocketRule.Origins, _ origin: String, authority: String = "app.test"
    ) -> OriginCheck.Fault? {
        let (origin, authority) = (Array(origin.utf8), Array(authority.utf8))
        return OriginCheck.fault(rule, origin.span, authority: authority.span)
    }

    @Test(
        "W3: a page of the host itself may connect, by either scheme and with its port",
        arguments: [
            ("http://app.test", "app.test"), ("https://app.test", "app.test"),
            ("https://app.test:443", "app.test"), ("https://app.test", "app.test:443"),
            ("http://app.test:80", "app.test"), ("http://app.test", "app.test:80"),
            ("http://app.test:8050", "app.test:8050"), ("https://APP.test", "app.test"),
            ("http://127.0.0.1:8050", "127.0.0.1:8050"), ("http://[::1]:8050", "[::1]:8050"),
        ])
    func sameHost(origin: String, authority: String) {
        #expect(fault(.sameHost, origin, authority: authority) == nil)
    }

    @Test(
        "W3: any other page may not",
        arguments: [
            ("https://evil.test", "app.test"), ("null", "app.test"), ("app.test", "app.test"),
            ("http://app.test.evil.test", "app.test"), ("http://evil.test/app.test", "app.test"),
            ("http://app.test@evil.test", "app.test"), ("http://app.test:81", "app.test"),
            ("http://app.test:443", "app.test"), ("https://app.test:80", "app.test"),
            ("http://app.test", "app.test:8050"), ("http://app.test:8050", "app.test"),
            ("ftp://app.test", "app.test"), ("file://", "app.test"), ("http://", "app.test"),
            ("http://app.test/", "app.test"), ("http://app.test, http://app.test", "app.test"),
            ("HTTP://app.test", "app.test"), ("chrome-extension://app.test", "app.test"),
        ])
    func foreign(origin: String, authority: String) {
        #expect(fault(.sameHost, origin, authority: authority) == .other)
    }

    @Test("a program names no origin, and may connect where none is asked for")
    func absent() {
        #expect(fault(.sameHost, "") == nil)
        #expect(fault(.listed(["https://app.test"]), "") == .missing)
    }

    @Test("W3: listed origins are compared byte for byte, and the host itself is not one of them")
    func listed() {
        let rule = WebSocketRule.Origins.listed(["https://a.test", "https://b.test:8443"])
        #expect(fault(rule, "https://a.test") == nil)
        #expect(fault(rule, "https://b.test:8443") == nil)
        for origin in [
            "https://app.test", "http://a.test", "https://a.test:443", "https://A.test", "null",
            "https://a.test.evil.test", "https://b.test",
        ] { #expect(fault(rule, origin) == .foreign, "\(origin)") }
    }
}
