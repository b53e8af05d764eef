/// Somebody without a token, for questions about a policy.
extension PolicySet {
    /// - Parameters:
    ///   - name: taken for the subject.
    ///   - names: roles that are granted, with what they include; those that are not declared grant nothing.
    /// - Returns: somebody of whom nothing else is known: other claims have their default, and those
    ///   without one are empty.
    package func somebody(named name: String, roles names: [String]) -> Principal {
        var held = HeldClaims(count: identity.claims.count)
        held.hold(name.utf8.span)
        for claim in identity.claims.dropFirst() {
            held.hold(claim.fallback ?? ClaimValue.empty(claim.type))
        }
        var roles = RoleSet()
        for name in names {
            if let closure = identity.roles.closure(of: name) { roles.formUnion(closure) }
        }
        return identity.principal(0, granted: roles, holding: consume held)
    }

    /// The same person with a role more, to ask what would be; what the upstream is told stays what it was.
    package func granting(_ role: String, to principal: Principal) -> Principal {
        identity.roles.closure(of: role).map(principal.granted) ?? principal
    }

    /// Whether `role` is `other` or includes it.
    package func role(_ role: String, includes other: String) -> Bool {
        guard let number = identity.roles.number(of: other) else { return false }
        return identity.roles.closure(of: role)?.contains(number) == true
    }
}

extension ClaimValue {
    fileprivate static func empty(_ type: ClaimType) -> ClaimValue {
        switch type {
        case .string: .text(ExactText(""))
        case .stringList: .list([])
        case .integer: .integer(0)
        case .boolean: .boolean(false)
        }
    }
}
