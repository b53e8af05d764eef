package import AccessPolicy

/// What an assertion is to say.
package struct AssertionOrder: Sendable {
    /// Of whom.
    package let principal: Principal
    /// Unix seconds.
    package let issuedAt: Int64
    /// Unix seconds.
    package let expiresAt: Int64
    /// Of which request; empty for one that is good for every request.
    package let request: [(binding: AssertionRule.Binding, value: String)]

    package init(
        principal: Principal, issuedAt: Int64, expiresAt: Int64,
        request: [(binding: AssertionRule.Binding, value: String)] = []
    ) {
        self.principal = principal
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.request = request
    }
}

/// Signs assertions with one key; with another key it is another signer.
package protocol AssertionSigning: Sendable {
    /// Called on event loops: must not block, and takes some dozen microseconds.
    ///
    /// - Returns: the assertion, safe in a header.
    func sign(_ order: AssertionOrder) throws(AssertionFailure) -> [UInt8]
}

/// Why there is no assertion, in words for the log that hold nothing of the person.
package struct AssertionFailure: Error, Equatable {
    package let detail: String

    package init(_ detail: String) { self.detail = detail }
}
