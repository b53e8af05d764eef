import AccessPolicy
package import StrictYAML

/// One case of a test file: a request, who makes it, and what is to become of it.
package struct PolicyCase: Sendable {
    package enum Expectation: Sendable, Equatable {
        case allow
        /// Any refusal.
        case deny
        /// A refusal of this status.
        case status(Int)
    }

    package let question: PolicyQuestion
    package let expectation: Expectation
    /// The reason code of the refusal; nil: any.
    package let reason: String?
    /// The id of the route that must be selected; nil: any.
    package let route: String?
    /// Headers that the app must be told, with their values.
    package let upstreamHeaders: [(name: String, value: String)]
    /// What the file calls it; nil: nothing.
    package let name: String?
    package let position: SourcePosition

    /// `alice GET /users/root/home`, or the name that the file gives it.
    package var title: String {
        name ?? "\(question.person?.name ?? "anonymous") \(question.method.name) \(question.target)"
    }
}
