/// The answer to a CORS preflight: always 204, and never the app's.
package struct PreflightAnswer: Sendable, Equatable {
    /// Field lines; empty when the page may not send the request. A path without a route looks the same
    /// as one whose route says no.
    package let fields: [UInt8]
    /// The route of the request that is asked about, where there is one.
    package let routeID: String?

    static let none = PreflightAnswer(fields: [], routeID: nil)
}
