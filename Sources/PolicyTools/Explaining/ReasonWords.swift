/// Reason codes for people.
enum ReasonWords {
    /// What a code means; nil where a detail says it.
    static func words(_ code: String) -> String? {
        if code.hasPrefix("deny.") { return "a rule of `deny` holds" }
        return words[code]
    }

    /// The `reason` of the answer that a client gets.
    static func publicReason(_ refusal: Verdict.Refused) -> String {
        if refusal.isHidden { return "not_found" }
        if refusal.code.hasPrefix("deny.") { return "forbidden" }
        switch refusal.code {
        case "no_route", "role_missing", "condition_false", "ambiguous_path",
            "claim_not_header_safe":
            return "forbidden"
        case "token_claim", "token_issuer": return "token_invalid"
        default: return refusal.code
        }
    }

    private static let words = [
        "unauthenticated": "it needs a token",
        "no_route": "no route is for it, and what no route allows is refused",
        "role_missing": "the role that the route asks for is not granted",
        "condition_false": "the route's `allow` does not hold",
        "claim_not_header_safe": "a value for the app's headers cannot be sent safely",
        "ambiguous_path": "the path can be read in two ways, and not both are allowed",
        "scope_missing": "the token lacks a scope",
        "step_up": "another or a more recent sign-in is needed",
        "token_claim": "the token does not have what the policy's `claims` ask for",
        "bad_target": "the path or the query is not accepted",
        "unknown_host": "the policy is about other hosts",
    ]
}
