internal import AccessPolicy

extension Refusal {
    /// What the policy says no to. The detail has words of the policy only, nothing of the request.
    init(_ denial: Denial, on route: Route?) {
        self.init(
            denial.reason.code, detail: Self.detail(denial, route), routeID: route?.id)
        isHidden = denial.isHidden
        rule = denial.rule
        stepUp = denial.stepUp
        scopes = denial.scopes
    }

    /// A request too many.
    init(_ excess: RateLimiter.Excess) {
        self.init(
            .rateLimited, detail: "rate per \(excess.per.rawValue) exceeded")
        self.excess = excess
    }

    private static func detail(_ denial: Denial, _ route: Route?) -> String {
        switch denial.reason {
        case .unauthenticated: "no credential"
        case .noRoute: "no route matches"
        case .roleMissing, .conditionFalse, .scopeMissing, .stepUp:
            "needs \(route?.conditionText ?? "a condition, and has none")"
        case .claimNotHeaderSafe: "a claim is no safe header value"
        case .denied: "deny: \(denial.rule?.conditionText ?? "a rule holds")"
        case .ambiguousPath: "the path can be read in two ways, and not both are allowed"
        case .badTarget: "a query parameter that the route names is repeated or malformed"
        }
    }
}

extension DenyReason {
    var code: ReasonCode {
        switch self {
        case .unauthenticated: .unauthenticated
        case .noRoute: .noRoute
        case .roleMissing: .roleMissing
        case .conditionFalse: .conditionFalse
        case .claimNotHeaderSafe: .claimNotHeaderSafe
        case .denied: .denied
        case .ambiguousPath: .ambiguousPath
        case .scopeMissing: .scopeMissing
        case .stepUp: .stepUp
        case .badTarget: .badTarget
        }
    }
}
