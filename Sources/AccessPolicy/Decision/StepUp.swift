/// What a sign-in must be like for a request to be allowed: the fields of a challenge of RFC 9470 § 3.
package final class StepUp: Sendable, Equatable {
    /// Authentication context classes of which one is needed; empty: any.
    package let acrValues: [String]
    /// How long ago the sign-in may be, in seconds; nil: any time.
    package let maxAge: Int64?

    init(acrValues: [String], maxAge: Int64?) {
        self.acrValues = acrValues
        self.maxAge = maxAge
    }

    package static func == (left: StepUp, right: StepUp) -> Bool {
        left.acrValues == right.acrValues && left.maxAge == right.maxAge
    }
}
