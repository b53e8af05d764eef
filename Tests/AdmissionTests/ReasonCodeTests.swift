import Foundation
import Testing
import TokenVerification

@testable import Admission

@Suite("ReasonCode")
struct ReasonCodeTests {
    /// One row of the contract: code, status, the challenge's `error` (`""` for a challenge without
    /// one, `-` for no challenge), and what the client is told.
    struct Row: Sendable, Equatable {
        let code: String
        let status: Int
        let challenge: String
        let publicReason: String

        init(_ code: String, _ status: Int, _ challenge: String, _ publicReason: String) {
            self.code = code
            self.status = status
            self.challenge = challenge
            self.publicReason = publicReason
        }

        init(_ code: ReasonCode) {
            self.init(
                code.name, code.status, code.isChallenge ? code.challengeError ?? "" : "-",
                code.publicReason)
        }
    }

    static let contract: [Row] = [
        Row("bad_framing", 400, "-", "bad_framing"),
        Row("head_too_large", 431, "-", "head_too_large"),
        Row("target_too_long", 414, "-", "target_too_long"),
        Row("body_too_large", 413, "-", "body_too_large"),
        Row("request_timeout", 408, "-", "request_timeout"),
        Row("bad_target", 400, "-", "bad_target"),
        Row("unknown_host", 421, "-", "unknown_host"),
        Row("bad_method", 405, "-", "bad_method"),
        Row("bad_method", 501, "-", "bad_method"),
        Row("unauthenticated", 401, "", "unauthenticated"),
        Row("ambiguous_credentials", 400, "invalid_request", "ambiguous_credentials"),
        Row("token_malformed", 401, "invalid_token", "token_invalid"),
        Row("token_too_large", 401, "invalid_token", "token_invalid"),
        Row("token_header", 401, "invalid_token", "token_invalid"),
        Row("token_alg", 401, "invalid_token", "token_invalid"),
        Row("token_signature", 401, "invalid_token", "token_invalid"),
        Row("token_unknown_key", 401, "invalid_token", "token_invalid"),
        Row("token_not_yet", 401, "invalid_token", "token_invalid"),
        Row("token_lifetime", 401, "invalid_token", "token_invalid"),
        Row("token_issuer", 401, "invalid_token", "token_invalid"),
        Row("token_audience", 401, "invalid_token", "token_invalid"),
        Row("token_type", 401, "invalid_token", "token_invalid"),
        Row("token_claim", 401, "invalid_token", "token_invalid"),
        Row("token_revoked", 401, "invalid_token", "token_invalid"),
        Row("token_binding", 401, "invalid_token", "token_invalid"),
        Row("token_expired", 401, "invalid_token", "token_expired"),
        Row("keys_unavailable", 503, "-", "keys_unavailable"),
        Row("assertion_unavailable", 503, "-", "assertion_unavailable"),
        Row("no_route", 403, "-", "forbidden"),
        Row("role_missing", 403, "-", "forbidden"),
        Row("condition_false", 403, "-", "forbidden"),
        Row("deny.<id>", 403, "-", "forbidden"),
        Row("ambiguous_path", 403, "-", "forbidden"),
        Row("claim_not_header_safe", 403, "-", "forbidden"),
        Row("scope_missing", 403, "insufficient_scope", "scope_missing"),
        Row("step_up", 401, "insufficient_user_authentication", "step_up"),
        Row("rate_limited", 429, "-", "rate_limited"),
        Row("upgrade_not_allowed", 403, "-", "upgrade_not_allowed"),
        Row("origin", 403, "-", "origin"),
        Row("bad_handshake", 400, "-", "bad_handshake"),
        Row("handshake_version", 426, "-", "handshake_version"),
        Row("overloaded", 503, "-", "overloaded"),
        Row("upstream_unreachable", 502, "-", "upstream_unreachable"),
        Row("upstream_invalid", 502, "-", "upstream_invalid"),
        Row("upstream_timeout", 504, "-", "upstream_timeout"),
        Row("upstream_busy", 503, "-", "upstream_busy"),
    ]

    @Test("every code has the status, challenge and public reason of the contract")
    func rows() {
        #expect(ReasonCode.allCases.map(Row.init) == Self.contract)
    }

    @Test("every way a token can be refused has a code of its own")
    func tokenReasons() {
        for reason in TokenRejection.Reason.allCases {
            #expect(ReasonCode(rawValue: reason.rawValue) != nil, "\(reason.rawValue)")
        }
    }

    @Test("what leaves the next request's beginning uncertain closes the connection")
    func closing() {
        let closing = ReasonCode.allCases.filter(\.closesConnection).map(\.rawValue)
        #expect(
            closing == [
                "bad_framing", "head_too_large", "target_too_long", "body_too_large",
                "request_timeout", "overloaded",
            ])
    }

    @Test("every public reason has a title of its own, and only 5xx speak of the application")
    func titles() {
        for code in ReasonCode.allCases {
            #expect(!code.title.isEmpty)
            let speaksOfApplication = code.title.contains("application")
            #expect(!speaksOfApplication || code.status >= 500, "\(code)")
        }
        let titles = Dictionary(
            ReasonCode.allCases.map { ($0.title, $0.publicReason) }, uniquingKeysWith: { $1 })
        // `overloaded` and `upstream_busy` are one thing to a client.
        #expect(titles.count == Set(ReasonCode.allCases.map(\.publicReason)).count - 1)
    }

    @Test("the documentation has a row for every code, and no other row")
    func documentation() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/reason-codes.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let rows = text.split(separator: "\n").compactMap { line -> [String]? in
            guard line.hasPrefix("| `") else { return nil }
            return line.dropFirst().dropLast().split(separator: "|").map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
        let documented = rows.compactMap(Self.row)
        #expect(documented.count == rows.count)
        #expect(documented == Self.contract)
        for row in rows { #expect((row.last ?? "").count > 20, "no advice: \(row)") }
    }

    /// Reads `code | status | WWW-Authenticate | public reason | meaning`.
    private static func row(_ cells: [String]) -> Row? {
        guard cells.count == 5, let status = Int(cells[1]) else { return nil }
        func code(_ text: String) -> String {
            text.trimmingCharacters(in: CharacterSet(charactersIn: "`"))
        }
        let challenge =
            switch code(cells[2]) {
            case "": "-"
            case "Bearer": ""
            case let text:
                text.replacing("Bearer, error=\"", with: "").replacing("\"", with: "")
            }
        return Row(code(cells[0]), status, challenge, code(cells[3]))
    }
}
