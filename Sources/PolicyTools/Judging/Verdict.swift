package import AccessPolicy

/// What becomes of a request under a policy, once its token is taken for granted.
package struct Verdict: Sendable {
    /// nil: it is forwarded.
    package internal(set) var refusal: Refused?
    /// The route that was selected for the path as it was sent.
    package let route: Route?
    /// The route that an app would find that reads the path more freely, where it is another one.
    package let foldedRoute: Route?
    /// Whom the policy sees.
    package internal(set) var principal: Principal?
    /// The headers that tell the app who asks; empty unless the request is forwarded with an identity.
    package internal(set) var upstreamHeaders: [(name: String, value: String)] = []

    package struct Refused: Sendable {
        /// The reason code, as in the log.
        package let code: String
        package let status: Int
        /// More words, where there are any.
        package let detail: String?
        /// Whether the client is told that there is nothing.
        package var isHidden = false
    }

    package var isAllowed: Bool { refusal == nil }

    init() {
        route = nil
        foldedRoute = nil
    }

    init(_ selection: RouteSelection) {
        route = selection.route
        foldedRoute = selection.isOneView ? nil : selection.foldedRoute
    }

    static func refused(_ code: String, _ status: Int, _ detail: String) -> Verdict {
        var verdict = Verdict()
        verdict.refusal = Refused(code: code, status: status, detail: detail)
        return verdict
    }
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
