/// A refusal: its one reason, and what its answer needs.
package struct Denial: Sendable, Equatable {
    package let reason: DenyReason
    /// Whether the answer is 404: the route has `hide: true`, and the reason is one of those by which a
    /// principal would learn that it exists.
    package let isHidden: Bool
    /// The rule of `deny`; nil for every other reason.
    package let rule: DenyRule?
    /// What a sign-in must be like; nil but for ``DenyReason/stepUp``.
    package let stepUp: StepUp?
    /// The scopes that the route asks for; empty but for ``DenyReason/scopeMissing``.
    package let scopes: [String]

    init(
        _ reason: DenyReason, isHidden: Bool = false, rule: DenyRule? = nil,
        stepUp: StepUp? = nil, scopes: [String] = []
    ) {
        self.reason = reason
        self.isHidden = isHidden
        self.rule = rule
        self.stepUp = stepUp
        self.scopes = scopes
    }

    /// The reason code: `role_missing`, or `deny.suspended` for the rule `suspended`.
    package var code: String { rule?.code ?? reason.rawValue }
}

/// Refusals that say nothing but their reason.
extension Denial {
    package static let unauthenticated = Denial(.unauthenticated)
    package static let noRoute = Denial(.noRoute)
    package static let roleMissing = Denial(.roleMissing)
    package static let conditionFalse = Denial(.conditionFalse)
    package static let claimNotHeaderSafe = Denial(.claimNotHeaderSafe)
    package static let ambiguousPath = Denial(.ambiguousPath)
    package static let badTarget = Denial(.badTarget)
}
