package import AccessPolicy

/// What becomes of a request under a policy, once its token is taken for granted.
package struct Verdict: Sendable {
    /// nil: it is forwarded.
    package let refusal: Refused?
    /// The route that was selected for the path as it was sent.
    package let route: Route?
    /// The route that an app would find that reads the path more freely, where it is another one.
    package let foldedRoute: Route?
    /// Whom the policy sees.
    package let principal: Principal?
    /// The headers that tell the app who asks; empty unless the request is forwarded with an identity.
    package let upstreamHeaders: [(name: String, value: String)]

    package struct Refused: Sendable {
        /// The reason code, as in the log.
        package let code: String
        package let status: Int
        /// More words, where there are any.
        package let detail: String?
    }

    package var isAllowed: Bool { refusal == nil }
}

extension Denial {
    /// The status of the answer.
    package var status: Int {
        if isHidden { return 404 }
        return switch reason {
        case .unauthenticated, .stepUp: 401
        case .badTarget: 400
        case .noRoute, .roleMissing, .conditionFalse, .claimNotHeaderSafe, .denied, .ambiguousPath,
            .scopeMissing:
            403
        }
    }
}
