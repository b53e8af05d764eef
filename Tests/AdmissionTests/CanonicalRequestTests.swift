import AccessPolicy
import TestSupport
import Testing

@testable import Admission

@Suite("CanonicalRequest")
struct CanonicalRequestTests {
    @Test("has the canonical path, and the query byte for byte")
    func pathAndQuery() {
        let query = "?a=%2e%2E&b=../../admin&c=//x;y=?&d={}|\\^`\"<>'"
        let text = RequestText(method: "POST", target: "/users/%61lice/%c3%bc\(query)")
        let reading = text.reading
        #expect(reading?.path == "/users/alice/%C3%BC")
        #expect(reading?.query == query)
        #expect(reading?.method == "POST")
        #expect(reading?.credential == "")
    }

    @Test(
        "an empty query is kept apart from none",
        arguments: [("/a", ""), ("/a?", "?"), ("/a??", "??"), ("/?/../", "?/../")])
    func query(_ target: String, _ query: String) {
        #expect(RequestText(target: target).reading?.query == query)
    }

    @Test("refuses every byte in a query that a request line cannot hold", arguments: 0...255)
    func queryBytes(_ byte: Int) throws {
        let character = String(Character(try #require(Unicode.Scalar(byte))))
        let isAllowed = byte > 0x20 && byte < 0x7F && character != "#"
        let text = RequestText(target: "/a?x\(character)y")
        #expect(text.rejection == (isAllowed ? nil : .badTarget))
        if isAllowed { #expect(text.reading?.query == "?x\(character)y") }
    }

    @Test(
        "refuses a target that is no origin-form path",
        arguments: [
            "*", "admin/x", "http://app.test/public/a", "//admin/x", "app.test:443", "?x", "#x",
            "/public/../admin", "/public/%2e%2e/admin", "/a\\b", "/a#b", "/a%00",
        ])
    func target(_ target: String) {
        #expect(RequestText(target: target).rejection == .badTarget)
    }

    @Test(
        "knows seven methods, in capital letters only",
        arguments: [
            ("GET", nil), ("HEAD", nil), ("POST", nil), ("PUT", nil), ("PATCH", nil),
            ("DELETE", nil), ("OPTIONS", nil), ("TRACE", .methodNotAllowed),
            ("CONNECT", .methodNotAllowed), ("get", .methodUnknown), ("GeT", .methodUnknown),
            ("GETS", .methodUnknown), ("GE", .methodUnknown), ("", .methodUnknown),
            ("PROPFIND", .methodUnknown), ("trace", .methodUnknown), ("PRI", .methodUnknown),
        ] as [(String, ReasonCode?)])
    func method(_ name: String, _ rejection: ReasonCode?) {
        let text = RequestText(method: name)
        #expect(text.rejection == rejection)
        if rejection == nil { #expect(text.reading?.method == name) }
    }

    @Test("keeps the credential apart from host and query")
    func credential() {
        let text = RequestText(target: "/a?q", authorization: ["Bearer x.y.z"])
        #expect(text.reading?.credential == "Bearer x.y.z")
        #expect(text.reading?.query == "?q")
        #expect(RequestText(authorization: ["Bearer a", "Bearer b"]).reading?.credential == "")
    }

    @Test("a request made from old buffers is the request made from new ones")
    func recycling() throws {
        var random = SeededGenerator(for: "recycling requests")
        var storage = CanonicalRequest.Storage()
        for _ in 0..<propertyRounds(300) {
            let text = RequestText(
                method: random.pick(["GET", "POST", "DELETE"]),
                target: "/" + word(&random) + random.pick(["", "/%41", "/%C3%A4/x", "/"])
                    + random.pick(["", "?", "?" + word(&random)]),
                host: random.pick([nil, word(&random), word(&random) + ":80"]),
                authorization: random.pick([[], ["Bearer " + word(&random)], ["a", "b"]]))
            let request = try text.canonical(recycling: storage)
            #expect(Reading(request) == text.reading)
            storage = request.recycled()
        }
    }

    @Test("a refused request leaves nothing behind in later ones")
    func recyclingAfterRefusal() throws {
        let secret = try RequestText(
            target: "/secret?key=1", host: "a-very-long-host.test",
            authorization: ["Bearer secret.secret.secret"]
        ).canonical()
        let plain = try RequestText(target: "/").canonical(recycling: secret.recycled())
        #expect(String(decoding: plain.text, as: UTF8.self) == "app.test")
        #expect(plain.path.bytes == Array("/".utf8))
        #expect(plain.path.segments.count == 1)
    }

    private func word(_ random: inout SeededGenerator) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
        return String(
            (0..<Int.random(in: 1...40, using: &random)).map { _ in random.pick(letters) })
    }
}
