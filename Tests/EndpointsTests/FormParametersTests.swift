import Testing

@testable import Endpoints

@Suite("FormParameters")
struct FormParametersTests {
    private func read(_ body: String) throws -> FormParameters {
        try FormParameters(Array(body.utf8))
    }

    @Test(
        "reads names and values, escapes and plus signs",
        arguments: [
            ("a=1&b=2", "1"), ("b=2&a=1", "1"), ("a=x+y", "x y"), ("a=%C3%A9", "é"), ("%61=1", "1"),
            ("a=b=c", "b=c"), ("a=%2B%3d", "+="), ("&a=1&&", "1"),
            ("a=%00a".replacing("%00", with: "%7e"), "~a"),
        ])
    func values(_ body: String, _ value: String) throws {
        #expect(try read(body)["a"] == value)
    }

    @Test("a parameter without a value is as good as absent", arguments: ["", "a", "a=", "b=1"])
    func absent(_ body: String) throws {
        #expect(try read(body)["a"] == nil)
    }

    @Test(
        "refuses what two programs could read differently",
        arguments: [
            "a=1&a=1", "a=1&%61=2", "a&a=1", "x=1&x=2", "a=%", "a=%4", "a=%4g", "a=%%41",
            "a=%u0041",
            "a=\u{e9}", "a=1 2", "a=1\n", "a=1\r\nb=2", "a=%00", "a=%0a", "a=%7f", "a=%ff",
            "a=%c0%af",
            "a=%ed%a0%80", "a\u{0}=1", (0..<33).map { "p\($0)=1" }.joined(separator: "&"),
        ])
    func malformed(_ body: String) {
        #expect(throws: FormParameters.Malformed.self) { try read(body) }
    }
}
