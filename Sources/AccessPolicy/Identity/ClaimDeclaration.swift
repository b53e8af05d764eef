/// A claim of the identity model: what it is, and where tokens have it unless their issuer is said to
/// write it otherwise.
struct ClaimDeclaration: Sendable {
    /// The name by which conditions and headers know it.
    let name: String
    let type: ClaimType
    /// The first of these that is present counts, also if its type is wrong.
    let sources: [ClaimPath]
    /// The value when none is present; nil: the claim is required.
    let fallback: ClaimValue?
    /// Only while this other claim is `true` is the claim taken for present.
    var whenVerified: ClaimPath?
    /// The form in which tokens have it; nil: the JSON value of the type.
    var form: ClaimForm?
}
