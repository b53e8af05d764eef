import Testing

@testable import Admission

@Suite("BearerCredential")
struct BearerCredentialTests {
    private func read(_ value: String) -> BearerCredential.Reading {
        BearerCredential.read(Array(value.utf8).span)
    }

    @Test(
        "accepts the scheme in any case and one space",
        arguments: ["Bearer", "bearer", "BEARER", "bEaReR"])
    func scheme(_ scheme: String) {
        #expect(read("\(scheme) a.b.c") == .token(7..<12))
        #expect(read("\(scheme) a") == .token(7..<8))
    }

    @Test(
        "a bearer credential that is not one space and a token is malformed",
        arguments: ["Bearer", "bearer ", "Bearer\ta.b.c", "Bearer:a.b.c", "Bearer,a", "Bearer=a"])
    func malformed(_ value: String) {
        #expect(read(value) == .malformed)
    }

    @Test(
        "another scheme is no bearer credential",
        arguments: [
            "", "B", "Beare", "Basic YTpi", "Bearerx a.b.c", "Bearer-Token a", "Bearer2 a", "a.b.c",
            "\"Bearer\" a", "Bearex a", " Bearer a", "DPoP a.b.c", "\u{2}earer a",
        ])
    func otherScheme(_ value: String) {
        #expect(read(value) == .otherScheme)
    }

    @Test(
        "what stands behind a second space or a comma belongs to the token, which is then none",
        arguments: [" A", "A R", "A,Bearer R", "A, Bearer R", "A ", "\tA"])
    func notOneToken(_ rest: String) throws {
        #expect(read("Bearer \(rest)") == .token(7..<(7 + rest.utf8.count)))
        let fixture = try Fixture()
        let request = RequestText(target: "/api/x", authorization: ["Bearer \(rest)"])
        #expect(try fixture.gatekeeper.verdict(request) == .refused(.tokenMalformed))
    }
}
