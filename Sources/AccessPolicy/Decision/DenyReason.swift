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
    /// 403: a rule of `deny` holds. Its code has the rule's id: ``Denial/code``.
    case denied = "deny"
    /// 403: the path can be read in two ways, and not both are allowed.
    case ambiguousPath = "ambiguous_path"
    /// 403 with `error="insufficient_scope"` (RFC 6750 § 3.1): only scopes are missing.
    case scopeMissing = "scope_missing"
    /// 401 with `error="insufficient_user_authentication"` (RFC 9470): who asks may do this, but must
    /// sign in again or in another way first.
    case stepUp = "step_up"
    /// 400: a query parameter that the route names is repeated or malformed.
    case badTarget = "bad_target"
}
