package import AccessPolicy

/// A request that a policy is asked about, as a test or a person writes it.
package struct PolicyQuestion: Sendable {
    package var method: Method
    /// Path and query, as in a request line.
    package var target: String
    /// nil: a host that the policy accepts.
    package var host: String?
    package var address: IPAddress?
    /// Unix time in seconds.
    package var now: Int64
    /// nil: no credential.
    package var person: PolicyPerson?

    package init(
        _ method: Method, _ target: String, host: String? = nil, address: IPAddress? = nil,
        now: Int64, person: PolicyPerson? = nil
    ) {
        self.method = method
        self.target = target
        self.host = host
        self.address = address
        self.now = now
        self.person = person
    }
}
