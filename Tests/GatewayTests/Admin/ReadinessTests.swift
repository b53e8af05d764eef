import Testing
import TokenVerification

@testable import Gateway
@testable import KeyDiscovery

@Suite("Readiness")
struct ReadinessTests {
    @Test(
        "a cause says whether keys were never here or have become too old",
        arguments: [
            (KeyAvailability.current, false, nil, nil), (.doubtful, false, "no answer", nil),
            (
                .unavailable, false, nil,
                "no keys of the issuer `corp`: they have not been fetched yet"
            ),
            (.unavailable, false, "no answer", "no keys of the issuer `corp`: no answer"),
            (
                .unavailable, true, "no answer",
                "the keys of the issuer `corp` are too old (`stale_if_error`): no answer"
            ),
        ] as [(KeyAvailability, Bool, String?, String?)])
    func causes(
        availability: KeyAvailability, hasExpired: Bool, error: String?, cause: String?
    ) {
        let status = KeySourceStatus(
            issuerName: "corp", availability: availability, hasExpired: hasExpired, keyCount: 0,
            skippedCount: 0, age: nil, lastError: error, succeeded: 0, failed: 0, sought: 0)
        #expect(status.cause == cause)
    }
}
