/// One question that was asked to decide a request, in words: a line of `ostiary policy explain`.
package struct LeafTrace: Sendable, Equatable {
    /// The rule that asks.
    package enum Rule: Sendable, Equatable {
        /// The id of a rule of `deny`.
        case deny(String)
        /// The id of the route whose `allow` it is.
        case allow(String)
    }

    package let rule: Rule
    /// The view of the path whose variables count.
    package let view: PathView
    /// `path.user = claims.subject`, or `not role admin`
    package let words: String
    /// Whether it holds as it stands there, `not` included.
    package let holds: Bool
    /// Whether the decision depended on it: a question behind the one that decided is not asked.
    package let isAsked: Bool
    /// What was compared, for example `"alice" and "root"`. Content of tokens and requests: for the
    /// eyes of whoever gave them, never for a log.
    package let compared: String
}

extension PolicySet {
    /// Asks all questions of the rules that decide a request.
    ///
    /// - Parameters: those of ``decide(_:path:query:facts:principal:)``.
    /// - Returns: the leaves of the rules of `deny` and of the `allow` of each view's routes, each rule
    ///   in the order of the file. A path of which both views say the same has one view.
    package func trace(
        _ selection: RouteSelection, path: borrowing CanonicalPath, query: Span<UInt8>,
        facts: RequestFacts, principal: Principal?
    ) -> [LeafTrace] {
        // INVARIANT (numbers stay at home): numbers of another policy mean something else.
        if let principal, principal.generation != generation { return [] }
        var leaves: [LeafTrace] = []
        let sent = ConditionSubject(view: .asSent, facts: facts, principal: principal)
        func ask(_ route: Route?, _ subject: borrowing ConditionSubject) {
            guard let route, route.generation == generation, let condition = route.condition else {
                return
            }
            leaves += condition.trace(.allow(route.id), subject, path, query)
        }
        if selection.auth != .public {
            for rule in denyRules {
                leaves += rule.condition.trace(.deny(rule.id), sent, path, query)
            }
        }
        ask(selection.route, sent)
        guard !selection.isOneView else { return leaves }
        let folded = ConditionSubject(view: .folded, facts: facts, principal: principal)
        ask(selection.foldedRoute, folded)
        for number in 0..<selection.furtherFoldedCount {
            ask(furtherFoldedRoute(number, of: selection), folded)
        }
        return leaves
    }
}
