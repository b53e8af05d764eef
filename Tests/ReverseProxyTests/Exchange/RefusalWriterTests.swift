import AccessPolicy
import Admission
import StrictJSON
import TestSupport
import Testing

@testable import ReverseProxy

@Suite("RefusalWriter")
struct RefusalWriterTests {
    private func written(
        _ code: ReasonCode, answersHead: Bool = false, closes: Bool = false
    ) -> [UInt8] {
        var writer = ByteWriter()
        let refusal = Refusal(code, detail: "SECRET detail", routeID: "SECRET route")
        RefusalWriter.write(
            refusal, answersHead: answersHead, closes: closes, now: 784_111_777, into: &writer)
        return writer.bytes
    }

    @Test("is a well-formed answer with a problem document", arguments: ReasonCode.allCases)
    func document(_ code: ReasonCode) throws {
        let bytes = written(code)
        let head = try #require(readAnswer(bytes).head)
        #expect(head.start.hasPrefix("\(code.status) \(code.status) "))
        #expect(!head.start.hasSuffix("Refused"), "the status needs its phrase")
        #expect(head.keepsAlive)
        let body = Array(bytes[head.length...])
        #expect(head.framing == .length(Int64(body.count)))
        #expect(head.lines.contains("ordinary Content-Type=application/problem+json"))
        #expect(head.lines.contains("ordinary Cache-Control=no-store"))
        let json = try JSONReader.read(body.span, limits: .payload)
        #expect(json["type"] == .string("urn:ostiary:problem:\(code.publicReason)"))
        #expect(json["title"] == .string(code.title))
        #expect(json["status"] == .number(JSONNumber(Int64(code.status))))
        #expect(json["reason"] == .string(code.publicReason))
    }

    @Test("has the date of its answer, as RFC 9110 spells it")
    func date() throws {
        let bytes = written(.noRoute)
        let head = try #require(readAnswer(bytes).head)
        #expect(head.lines.contains("ordinary Date=Sun, 06 Nov 1994 08:49:37 GMT"))
    }

    @Test("tells nothing that only the log may know", arguments: ReasonCode.allCases)
    func discreet(_ code: ReasonCode) {
        let text = latin1(written(code))
        #expect(!text.contains("SECRET"))
        if code.publicReason != code.rawValue { #expect(!text.contains("\"\(code.rawValue)\"")) }
    }

    @Test("carries the challenge of RFC 6750 where one is due", arguments: ReasonCode.allCases)
    func challenge(_ code: ReasonCode) throws {
        let head = try #require(readAnswer(written(code)).head)
        let challenges = head.lines.filter { $0.hasPrefix("ordinary WWW-Authenticate=") }
        let error = code.challengeError.map { ", error=\"\($0)\"" } ?? ""
        let expected =
            code.isChallenge ? ["ordinary WWW-Authenticate=Bearer realm=\"ostiary\"" + error] : []
        #expect(challenges == expected)
    }

    @Test("says when to come back, and which methods there are", arguments: ReasonCode.allCases)
    func otherFields(_ code: ReasonCode) throws {
        let head = try #require(readAnswer(written(code)).head)
        #expect(head.lines.contains("ordinary Retry-After=1") == (code.status == 503))
        #expect(head.lines.contains { $0.hasPrefix("ordinary Allow=") } == (code.status == 405))
    }

    private func head(of refusal: Refusal) throws -> [String] {
        var writer = ByteWriter()
        RefusalWriter.write(
            refusal, answersHead: true, closes: false, now: 784_111_777, into: &writer)
        return try #require(readAnswer(writer.bytes).head).lines
    }

    @Test("a rate says when to come back, and what it is")
    func rate() throws {
        var refusal = Refusal(.rateLimited)
        refusal.excess = RateLimiter.Excess(per: .address, burst: 60, window: 3, retryAfter: 2)
        let lines = try head(of: refusal)
        #expect(lines.contains("ordinary Retry-After=2"))
        #expect(lines.contains(#"ordinary RateLimit-Policy="address";q=60;w=3"#))
        #expect(lines.contains(#"ordinary RateLimit="address";r=0;t=2"#))
    }

    @Test("missing scopes are named, and what of them no field can hold is left out")
    func scopes() throws {
        var refusal = Refusal(.scopeMissing)
        refusal.scopes = ["read", "wr\"i\r\nte"]
        let expected =
            #"ordinary WWW-Authenticate=Bearer realm="ostiary", error="insufficient_scope", "#
            + #"scope="read wr\"ite""#
        #expect(try head(of: refusal).contains(expected))
    }

    @Test("a hidden refusal has neither a challenge nor a reason of its own")
    func hidden() throws {
        var refusal = Refusal(.roleMissing)
        refusal.isHidden = true
        var writer = ByteWriter()
        RefusalWriter.write(refusal, answersHead: false, closes: false, now: 0, into: &writer)
        let text = latin1(writer.bytes)
        #expect(text.hasPrefix("HTTP/1.1 404 Not Found\r\n"))
        #expect(text.contains(#""reason":"not_found""#) && !text.contains("forbidden"))
    }

    @Test("carries the fields of its route")
    func routeFields() throws {
        var refusal = Refusal(.roleMissing)
        refusal.answerFields = Array("Vary: Origin\r\n".utf8)
        #expect(try head(of: refusal).contains("ordinary Vary=Origin"))
    }

    @Test("to HEAD only the head, with the same length")
    func toHead() throws {
        let whole = written(.roleMissing)
        let head = try #require(readAnswer(whole).head)
        #expect(written(.roleMissing, answersHead: true) == Array(whole[..<head.length]))
    }

    @Test("says that the connection ends, where it does")
    func closes() throws {
        let head = try #require(readAnswer(written(.badFraming, closes: true)).head)
        #expect(!head.keepsAlive)
        #expect(head.lines.contains("connection Connection=close"))
    }
}
