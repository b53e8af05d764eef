/// What a policy answers.
package enum Decision: Sendable, Equatable {
    case allow
    case deny(DenyReason)
}

/// Why a request is denied; the raw value is the reason code of the answer, the log and the metric.
package enum DenyReason: String, Sendable, CaseIterable {
    /// 401: the route needs a credential and there is none. Also the answer where no route matches, so
    /// that strangers do not learn which routes exist.
    case unauthenticated
    /// 403: no route matches, and what no rule allows is denied.
    case noRoute = "no_route"
    /// 403: the route asks for one role, and the principal does not have it.
    case roleMissing = "role_missing"
    /// 403: the route's condition does not hold, or it has none.
    case conditionFalse = "condition_false"
    /// 403: an identity header would carry a value that is no safe header value.
    case claimNotHeaderSafe = "claim_not_header_safe"
}
