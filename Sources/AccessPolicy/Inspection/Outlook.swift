/// What a policy makes of a kind of people on a route, as far as can be said without a request.
package enum Outlook: Sendable, Equatable {
    case allowed
    /// The code and the status of the refusal.
    case refused(code: String, status: Int)
    /// Allowed if all the conditions of one of these alternatives hold, in words; never empty.
    case depends([[String]])
}

/// Of whom as much is known as a column of a table says.
package enum PersonKind: Sendable, Equatable {
    case anonymous
    /// The token grants this role and what it includes, and nothing else.
    case role(String)
}

extension PolicySet {
    /// Evaluates a route's condition and the rules of `deny` with the roles known and all else unknown.
    ///
    /// - Returns: the outlook. A rule of `deny` that may hold is not counted: see ``mayDeny(_:on:)``.
    package func outlook(of route: Route, for kind: PersonKind) -> Outlook {
        if route.auth == .public { return .allowed }
        let stranger = Outlook.refused(code: DenyReason.unauthenticated.rawValue, status: 401)
        guard kind != .anonymous || route.auth == .optional else { return stranger }
        let refusedStatus = route.isHidden ? 404 : 403
        let knowledge = Knowledge(kind, of: self, on: route)
        for rule in denyRules where rule.condition.alternatives(knowledge) == [[]] {
            return kind == .anonymous
                ? stranger : .refused(code: rule.code, status: refusedStatus)
        }
        guard let condition = route.condition else {
            return kind == .anonymous
                ? stranger
                : .refused(code: DenyReason.conditionFalse.rawValue, status: refusedStatus)
        }
        guard let alternatives = condition.alternatives(knowledge) else {
            return .depends([[route.conditionText ?? ""]])
        }
        if alternatives.isEmpty {
            let reason = condition.isPlainRole ? DenyReason.roleMissing : .conditionFalse
            return kind == .anonymous
                ? stranger : .refused(code: reason.rawValue, status: refusedStatus)
        }
        if alternatives == [[]] { return .allowed }
        return .depends(alternatives.map { $0.map { condition.words[$0] } })
    }

    /// The rules of `deny` of which it depends on the request, or on other claims, whether they hold.
    package func mayDeny(_ kind: PersonKind, on route: Route) -> [DenyRule] {
        if route.auth == .public { return [] }
        if kind == .anonymous, route.auth == .required { return [] }
        let knowledge = Knowledge(kind, of: self, on: route)
        return denyRules.filter { rule in
            guard let alternatives = rule.condition.alternatives(knowledge) else { return true }
            return !alternatives.isEmpty && alternatives != [[]]
        }
    }
}

/// What is known before there is a request.
private struct Knowledge {
    private let roles: RoleSet?
    private let methods: MethodSet

    init(_ kind: PersonKind, of policy: PolicySet, on route: Route) {
        roles =
            switch kind {
            case .anonymous: nil
            case .role(let name): policy.identity.roles.closure(of: name) ?? RoleSet()
            }
        methods = route.methods
    }

    /// Whether a step holds, negation included; nil: that is not known. What is asked about nobody does
    /// not hold, negated or not.
    func truth(of step: Condition.Step) -> Bool? {
        if roles == nil, step.leaf.isAboutPrincipal { return false }
        let truth: Bool? =
            switch step.leaf {
            case .anyone, .authenticated: true
            case .role(let role): roles?.contains(role)
            case .method(let asked): truth(of: asked)
            default: nil
            }
        return truth.map { $0 != step.isNegated }
    }

    private func truth(of asked: MethodSet) -> Bool? {
        let all = Method.allCases.filter(methods.contains)
        let met = all.count(where: asked.contains)
        return met == 0 ? false : met == all.count ? true : nil
    }
}

extension ConditionLeaf {
    /// Whether it has no answer for somebody without a credential.
    var isAboutPrincipal: Bool {
        func isClaim(_ operand: Operand) -> Bool {
            if case .claim = operand { true } else { false }
        }
        return switch self {
        case .authenticated, .role, .member, .members, .recent: true
        case .text(let operand, _), .integer(let operand, _), .boolean(let operand, _):
            isClaim(operand)
        case .same(let left, let right, _): isClaim(left) || isClaim(right)
        case .anyone, .address, .method, .time: false
        }
    }
}

extension Condition {
    /// The smallest sets of steps of which each is enough for the condition to hold, as numbers of
    /// steps: `[[]]` when it holds anyway, nothing when it cannot.
    ///
    /// Steps only ever ask whether something holds (negation is at the leaves), so what holds on a way
    /// to the end is enough for it.
    ///
    /// - Returns: nil where there are too many to be read.
    fileprivate func alternatives(_ knowledge: Knowledge) -> [[Int]]? {
        var search = AlternativeSearch(condition: self, knowledge: knowledge)
        search.visit(0, met: [])
        guard search.visits <= AlternativeSearch.maximumVisits else { return nil }
        let found = search.found.map(Set.init)
        return search.found.enumerated().filter { index, met in
            let own = found[index]
            return !found.enumerated().contains { other, set in
                set.isStrictSubset(of: own) || (set == own && other < index)
            }
        }.map(\.element)
    }
}

private struct AlternativeSearch {
    static let maximumVisits = 4_096

    let condition: Condition
    let knowledge: Knowledge
    var found: [[Int]] = []
    var visits = 0

    mutating func visit(_ next: Int32, met: [Int]) {
        visits += 1
        guard visits <= Self.maximumVisits else { return }
        guard next >= 0 else {
            if next == Condition.Step.holds { found.append(met) }
            return
        }
        let number = Int(next)
        let step = condition.steps[number]
        switch knowledge.truth(of: step) {
        case true?: visit(step.onTrue, met: met)
        case false?: visit(step.onFalse, met: met)
        case nil:
            visit(step.onTrue, met: met + [number])
            visit(step.onFalse, met: met)
        }
    }
}
