import Foundation
import Testing

@testable import Endpoints

@Suite("EndpointReason and TokenError")
struct EndpointReasonTests {
    /// Status and code.
    static let contract = [
        "404 not_found", "405 method_not_allowed", "415 unsupported_media_type", "400 bad_json",
        "422 validation_failed", "403 registration_closed", "409 username_taken",
        "409 email_taken", "401 bad_credentials", "503 hashing_busy", "503 store_unavailable",
        "500 token_not_signed", "500 internal_error",
    ]
    static let tokenContract = [
        "400 invalid_request", "400 invalid_client", "400 invalid_grant", "400 invalid_scope",
        "400 unsupported_grant_type",
    ]

    @Test("every reason has the status of the contract")
    func statuses() {
        #expect(EndpointReason.allCases.map { "\($0.status) \($0.rawValue)" } == Self.contract)
    }

    @Test("every reason has a title of its own")
    func titles() {
        #expect(Set(EndpointReason.allCases.map(\.title)).count == EndpointReason.allCases.count)
    }

    @Test("only what waiting can mend says when to try again")
    func retries() {
        for reason in EndpointReason.allCases {
            #expect((reason.retryAfter != nil) == (reason.status == 503), "\(reason)")
        }
    }

    @Test("the documentation has a row for every code, and no other row")
    func documentation() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/reason-codes.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let rows = text.split(separator: "\n")
            .filter { $0.wholeMatch(of: /\| \d{3} \| `.*/) != nil }
            .map { line in
                line.dropFirst().dropLast().split(separator: "|").map {
                    $0.trimmingCharacters(in: CharacterSet(charactersIn: " `"))
                }
            }
        #expect(rows.map { "\($0[0]) \($0[1])" } == Self.contract + Self.tokenContract)
        for row in rows { #expect((row.last ?? "").count > 20, "no advice: \(row)") }
    }
}
