package import AccessPolicy

/// A policy as the data plane serves it.
package struct ServedPolicy: Sendable {
    package let rules: PolicySet
    /// The SHA-256 of its text in hexadecimal, for each line of the access log.
    package let fingerprint: String

    package init(_ rules: PolicySet, fingerprint: String = "") {
        self.rules = rules
        self.fingerprint = fingerprint
    }

    /// The headers that it injects, in lower case.
    var injectedNames: [String] { rules.injectedHeaderNames.map { $0.lowercased() } }
}
