/// Why a verified token does not describe somebody whom this policy can judge: 401.
package struct PrincipalRejection: Error, Sendable, Equatable {
    enum Fault: Sendable, Equatable {
        case missing, mistyped, empty, unmapped, foreignPrefix, unknownIssuer
        case form(ClaimForm)
    }

    /// The claim's name in the policy, which is no secret.
    let claim: String
    let fault: Fault

    /// The reason code of the answer.
    package var code: String { fault == .unknownIssuer ? "token_issuer" : "token_claim" }

    /// What was wrong, for a log: names from the policy only, never content of the token.
    package var detail: String {
        switch fault {
        case .missing: "required claim `\(claim)` is missing"
        case .mistyped: "claim `\(claim)` does not have the declared type"
        case .form(let form): "claim `\(claim)` does not have the form `\(form.rawValue)`"
        case .unmapped: "required claim `\(claim)` has a value that is not in its `map`"
        case .empty: "claim `\(claim)` is empty"
        case .foreignPrefix: "claim `\(claim)` starts with the subject prefix of another issuer"
        case .unknownIssuer: "the policy does not name the issuer"
        }
    }
}
