package import AccessPolicy
internal import Admission

/// A policy as the data plane serves it.
package struct ServedPolicy: Sendable {
    package let rules: PolicySet
    /// The SHA-256 of its text in hexadecimal, for each line of the access log.
    package let fingerprint: String
    /// Counts for all event loops together; begins anew with each policy.
    let limiter: RateLimiter

    package init(_ rules: PolicySet, fingerprint: String = "") {
        self.rules = rules
        self.fingerprint = fingerprint
        limiter = RateLimiter(policy: rules)
    }

    /// The headers that it injects, in lower case.
    var injectedNames: [String] { rules.injectedHeaderNames.map { $0.lowercased() } }
}
