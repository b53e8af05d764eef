/// A route whose path fits a request, for people who want to know why it was or was not selected.
package struct RouteCandidate: Sendable {
    package let route: Route
    /// Whether it is about another method.
    package let hasOtherMethod: Bool
    /// Whether it is about another host.
    package let hasOtherHost: Bool

    package var isSelectable: Bool { !hasOtherMethod && !hasOtherHost }
}

extension PolicySet {
    /// All routes whose pattern fits the path, whatever their method and host: those that can be
    /// selected first, each kind with the most specific ones in front.
    package func candidates(
        for method: Method, host: Span<UInt8>, path: borrowing CanonicalPath, in view: PathView
    ) -> [RouteCandidate] {
        var candidates: [RouteCandidate] = []
        for route in routes where route.pattern.matches(path, in: view) {
            candidates.append(
                RouteCandidate(
                    route: route, hasOtherMethod: !route.isFor(method),
                    hasOtherHost: !route.isFor(host: host)))
        }
        return candidates.sorted { left, right in
            guard left.isSelectable == right.isSelectable else { return left.isSelectable }
            return left.route.specificity(for: method).lexicographicallyPrecedes(
                right.route.specificity(for: method))
        }
    }
}

extension Route {
    /// Host, path from the left, method: lower is more specific.
    fileprivate func specificity(for method: Method) -> [Int] {
        let host = hosts.patterns.map { $0.isWildcard ? 1_000 - min($0.text.count, 999) : 0 }.min()
        return [host ?? 2_000] + pattern.ranks + [methods.rank(of: method)]
    }

    /// Why this route is more specific than another one that fits the same request, in words.
    package func advantage(over other: Route, for method: Method) -> String {
        let (mine, theirs) = (specificity(for: method), other.specificity(for: method))
        if mine[0] != theirs[0] {
            return other.hostTexts.isEmpty
                ? "it names the host, and `\(other.id)` names none"
                : "its host is more specific"
        }
        let segments = zip(pattern.ranks, other.pattern.ranks).enumerated()
        guard let (index, _) = segments.first(where: { $0.element.0 != $0.element.1 }) else {
            return other.methods.isAny
                ? "it names the method, where `\(other.id)` has ANY"
                : "it is about WEBSOCKET, where `\(other.id)` is about GET"
        }
        let theirWords = other.pattern.words(at: index)
        return "\(pattern.words(at: index)), where `\(other.id)` has \(theirWords)"
    }
}

extension PathPattern {
    fileprivate func words(at index: Int) -> String {
        if index < segments.count { return segments[index].words }
        return matchesRest ? "`**`" : "its end"
    }
}
