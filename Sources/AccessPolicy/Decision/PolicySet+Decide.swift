extension PolicySet {
    /// Decides a request; denies whatever no rule allows.
    ///
    /// - Parameters:
    ///   - selection: what ``select(_:host:path:)`` returned for this very path.
    ///   - path: the path that is forwarded when the answer is yes.
    ///   - query: the query that is forwarded, escaped and without its `?`; empty where there is none.
    ///   - facts: the rest of the request.
    ///   - principal: nil when the request has no credential. A credential that does not verify never
    ///     comes this far.
    /// - Returns: the decision; a refusal has one reason.
    package func decide(
        _ selection: RouteSelection, path: borrowing CanonicalPath, query: Span<UInt8>,
        facts: RequestFacts, principal: Principal?
    ) -> Decision {
        if let denial = denial(of: selection, principal) { return .deny(denial) }
        let subject = ConditionSubject(view: .asSent, facts: facts, principal: principal)
        if selection.auth != .public,
            let denial = denialByRule(selection, subject, path, query)
        {
            return .deny(denial)
        }
        guard !selection.isOneView else {
            return decide(selection.route, subject, path, query)
        }
        return decideViews(selection, subject, path, query)
    }

    /// Why the request is denied whatever its routes say; nil: it may be allowed.
    private func denial(of selection: RouteSelection, _ principal: Principal?) -> Denial? {
        // INVARIANT (numbers stay at home): what comes from another policy allows nothing here.
        if let route = selection.route, route.generation != generation {
            return principal == nil ? .unauthenticated : .conditionFalse
        }
        if let route = selection.foldedRoute, route.generation != generation {
            return principal == nil ? .unauthenticated : .conditionFalse
        }
        guard let principal else {
            return selection.auth == .required ? .unauthenticated : nil
        }
        return principal.generation == generation || selection.auth == .public
            ? nil : .conditionFalse
    }

    private func denialByRule(
        _ selection: RouteSelection, _ subject: borrowing ConditionSubject,
        _ path: borrowing CanonicalPath, _ query: Span<UInt8>
    ) -> Denial? {
        for rule in denyRules where rule.condition.holds(for: subject, on: path, query: query) {
            // A stranger is asked who they are, and learns nothing of the rule.
            guard subject.principal != nil else { return .unauthenticated }
            let isHidden =
                selection.route?.isHidden == true || selection.foldedRoute?.isHidden == true
            return Denial(.denied, isHidden: isHidden, rule: rule)
        }
        return nil
    }

    /// Decides by the route of one view.
    private func decide(
        _ route: Route?, _ subject: borrowing ConditionSubject, _ path: borrowing CanonicalPath,
        _ query: Span<UInt8>
    ) -> Decision {
        guard let route else {
            return .deny(subject.principal == nil ? .unauthenticated : .noRoute)
        }
        for number in route.query.indices where !route.query[number].isPlain(in: query) {
            return .deny(.badTarget)
        }
        if route.auth == .public { return .allow }
        guard let condition = route.condition,
            condition.holds(for: subject, on: path, query: query)
        else { return .deny(denial(of: route, subject, path, query)) }
        if let principal = subject.principal, principal.hasUnsafeHeaders {
            return .deny(Denial(.claimNotHeaderSafe, isHidden: route.isHidden))
        }
        return .allow
    }

    /// Why the condition of a route does not hold.
    private func denial(
        of route: Route, _ subject: borrowing ConditionSubject, _ path: borrowing CanonicalPath,
        _ query: Span<UInt8>
    ) -> Denial {
        guard subject.principal != nil else { return .unauthenticated }
        guard let condition = route.condition else {
            return Denial(.conditionFalse, isHidden: route.isHidden)
        }
        if condition.isPlainRole { return Denial(.roleMissing, isHidden: route.isHidden) }
        func wouldHold(with remedy: Condition.Remedy) -> Bool {
            condition.holds(for: subject, on: path, query: query, with: remedy)
        }
        if let stepUp = condition.stepUp, wouldHold(with: .stepUp) {
            return Denial(.stepUp, stepUp: stepUp)
        }
        // Another sign-in alone would be in vain where scopes are missing, too.
        if !condition.scopes.isEmpty, wouldHold(with: [.scope, .stepUp]) {
            return Denial(.scopeMissing, scopes: condition.scopes)
        }
        return Denial(.conditionFalse, isHidden: route.isHidden)
    }

    /// Each view must allow, by its own route and with what it binds to variables.
    private func decideViews(
        _ selection: RouteSelection, _ subject: borrowing ConditionSubject,
        _ path: borrowing CanonicalPath, _ query: Span<UInt8>
    ) -> Decision {
        let folded = ConditionSubject(
            view: .folded, facts: subject.facts, principal: subject.principal)
        var isHidden = selection.route?.isHidden == true || selection.foldedRoute?.isHidden == true
        var isAllowed = true
        var isMalformed = false
        func take(_ decision: Decision) {
            guard case .deny(let denial) = decision else { return }
            isAllowed = false
            isMalformed = isMalformed || denial.reason == .badTarget
        }
        take(decide(selection.route, subject, path, query))
        take(decide(selection.foldedRoute, folded, path, query))
        for number in 0..<selection.furtherFoldedCount {
            let route = furtherFoldedRoute(number, of: selection)
            take(decide(route, folded, path, query))
            isHidden = isHidden || route.isHidden
        }
        if isAllowed { return .allow }
        if isMalformed { return .deny(.badTarget) }
        if subject.principal == nil { return .deny(.unauthenticated) }
        return .deny(Denial(.ambiguousPath, isHidden: isHidden))
    }
}
