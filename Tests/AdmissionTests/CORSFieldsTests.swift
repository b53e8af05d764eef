import AccessPolicy
import Testing

@testable import Admission

@Suite("CORSFields")
struct CORSFieldsTests {
    private func rule(
        _ origins: [String] = ["https://spa.test", "https://other.test:8443"],
        credentials: Bool = false, methods: [Method] = [.get, .put],
        headers: [String] = ["Authorization", "X-Kind"], exposed: [String] = ["ETag", "X-Total"]
    ) -> CORSFields {
        CORSFields(
            CORSRule(
                origins: origins == ["*"] ? [] : origins, allowsAnyOrigin: origins == ["*"],
                credentials: credentials, methods: methods, headers: headers, exposed: exposed,
                maxAge: .seconds(600)))
    }

    private func answer(_ fields: CORSFields, _ origin: String) -> String {
        String(decoding: fields.answer(to: Array(origin.utf8).span), as: UTF8.self)
    }

    private func preflight(
        _ fields: CORSFields, _ origin: String, _ method: Method = .get, _ headers: String = ""
    ) -> String {
        let names = Array(headers.utf8)
        let origin = Array(origin.utf8)
        return String(
            decoding: fields.preflight(from: origin.span, for: method, headers: names.span),
            as: UTF8.self)
    }

    @Test("an allowed origin is named in the answer, another one is not")
    func answers() {
        let fields = rule(credentials: true)
        #expect(
            answer(fields, "https://other.test:8443")
                == "Access-Control-Allow-Origin: https://other.test:8443\r\n"
                + "Access-Control-Allow-Credentials: true\r\nVary: Origin\r\n"
                + "Access-Control-Expose-Headers: ETag, X-Total\r\n")
        for origin in [
            "", "null", "https://spa.test.", "https://SPA.test", "http://spa.test", "*",
            "https://spa.test:443", "https://spa.tes", "https://spa.test\u{0}",
        ] {
            #expect(answer(fields, origin) == "Vary: Origin\r\n")
            #expect(preflight(fields, origin) == "")
        }
    }

    @Test("where any origin is allowed, all get the same answer")
    func anyOrigin() {
        let fields = rule(["*"], exposed: [])
        for origin in ["", "null", "https://evil.test"] {
            #expect(answer(fields, origin) == "Access-Control-Allow-Origin: *\r\n")
        }
    }

    @Test("a preflight is told all that the route allows")
    func preflights() {
        #expect(
            preflight(rule(), "https://spa.test", .put, "x-kind,authorization")
                == "Access-Control-Allow-Origin: https://spa.test\r\n"
                + "Access-Control-Allow-Methods: GET, PUT\r\n"
                + "Access-Control-Allow-Headers: Authorization, X-Kind\r\n"
                + "Access-Control-Max-Age: 600\r\n")
    }

    @Test(
        "every field that the page would set must be allowed",
        arguments: [
            ("", true), ("x-kind", true), ("X-Kind", true), (" x-kind , authorization ", true),
            ("x-kind,,authorization,", true), ("x-kin", false), ("x-kind,x-other", false),
            ("x-kind x-other", false), ("*", false),
        ])
    func headers(_ list: String, _ isAllowed: Bool) {
        #expect(preflight(rule(), "https://spa.test", .get, list).isEmpty == !isAllowed)
    }

    @Test("`*` covers all fields but the credential")
    func anyHeader() {
        let fields = rule(headers: ["*"])
        #expect(!preflight(fields, "https://spa.test", .get, "x-a, x-b").isEmpty)
        #expect(preflight(fields, "https://spa.test", .get, "x-a, Authorization").isEmpty)
    }

    @Test("a method that is not allowed gets nothing", arguments: [Method.post, .head, .webSocket])
    func methods(_ method: Method) {
        #expect(preflight(rule(), "https://spa.test", method).isEmpty)
    }
}
