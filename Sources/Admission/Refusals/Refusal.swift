package import AccessPolicy

/// A request that is not forwarded, and why.
package struct Refusal: Sendable, Equatable {
    package let code: ReasonCode
    /// Which check failed, in words that hold nothing of the request; for the log only.
    package var detail: String
    /// The route that was chosen, where one was.
    package var routeID: String?
    /// Tells the refused token from others; nil where there was none, or no log wants to know.
    package var token: TokenMark?
    /// Whether the client is told that there is nothing here.
    package var isHidden = false
    /// The rule of `deny` that holds.
    package var rule: DenyRule?
    /// What a new sign-in must be like.
    package var stepUp: StepUp?
    /// The scopes of which some are missing.
    package var scopes: [String] = []
    /// The rate that would be exceeded.
    package var excess: RateLimiter.Excess?
    /// Field lines that every answer of the route has.
    package var answerFields: [UInt8] = []

    package init(
        _ code: ReasonCode, detail: String = "", routeID: String? = nil, token: TokenMark? = nil
    ) {
        self.code = code
        self.detail = detail
        self.routeID = routeID
        self.token = token
    }

    /// The code as the log spells it: `role_missing`, or `deny.suspended` for a rule of that name.
    package var name: String { rule?.code ?? code.name }

    package var status: Int { isHidden ? 404 : code.status }

    package var publicReason: String { isHidden ? "not_found" : code.publicReason }

    package var title: String { isHidden ? "There is nothing here." : code.title }

    /// What the policy has the client told beside the reason.
    package var publicDetail: String? { isHidden ? nil : rule?.message }

    /// The same refusal on a request for this route.
    func on(_ route: Route?) -> Refusal { on(routeID: route?.id) }

    func on(routeID: String?) -> Refusal {
        var refusal = self
        refusal.routeID = routeID
        return refusal
    }

    /// Equal when the code is: the detail is free to be worded better.
    package static func == (left: Refusal, right: Refusal) -> Bool { left.name == right.name }
}

/// A request that has no canonical form.
package struct RequestRejection: Error, Sendable, Equatable {
    package let code: ReasonCode
    package let detail: String

    package init(_ code: ReasonCode, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    package static func == (left: RequestRejection, right: RequestRejection) -> Bool {
        left.code == right.code
    }
}
