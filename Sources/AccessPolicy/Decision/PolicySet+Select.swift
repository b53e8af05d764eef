extension PolicySet {
    /// The most specific routes for a request, one for each view of its path.
    ///
    /// The host decides first (exact over wildcard, a longer wildcard over a shorter one, any over
    /// none), then the path from the left, then the method.
    ///
    /// - Parameters:
    ///   - method: `webSocket` for a handshake, else that of the request line.
    ///   - host: lower-cased, without port and trailing dot; an IPv6 address in brackets.
    ///   - path: the path that will be forwarded.
    /// - Returns: what the decision is about.
    /// - Throws: `forbiddenEscape`, when the path holds an escaped delimiter that the route of a view
    ///   does not allow, or for which a view has no route.
    package func select(
        _ method: Method, host: Span<UInt8>, path: borrowing CanonicalPath
    ) throws(TargetRejection) -> RouteSelection {
        let route = trie.route(method, host: host, path).map { routes[$0] }
        // The second search would be the first one.
        if path.isFolded, !path.hasUppercase, trie.isFolded {
            return RouteSelection(
                route: route, foldedRoute: route, isOneView: true, auth: route?.auth ?? .required)
        }
        let selection = selection(route, trie.foldedRoutes(method, host: host, path), path)
        if !path.opaque.isEmpty { try checkEscapes(path.opaque, selection) }
        return selection
    }

    private func selection(
        _ route: Route?, _ folded: RouteTrie.Found, _ path: borrowing CanonicalPath
    ) -> RouteSelection {
        let auth = route?.auth ?? .required
        switch folded {
        case .nothing:
            return RouteSelection(
                route: route, foldedRoute: nil, isOneView: route == nil, auth: .required)
        case .route(let number):
            let other = routes[number]
            return RouteSelection(
                route: route, foldedRoute: other,
                isOneView: route === other && bindsTheSame(other, path),
                auth: auth.stricter(other.auth))
        case .group(let range):
            // INVARIANT (a spelling stands for itself): where folding moved no boundary, the route of
            // this very spelling is the one that is meant. Where it did, the path is nobody's
            // spelling, and all members must allow.
            if let route, path.isAligned, range.contains(where: { trie.groups[$0] == route.index })
            {
                return RouteSelection(
                    route: route, foldedRoute: route, isOneView: bindsTheSame(route, path),
                    auth: auth)
            }
            var strictest = auth
            for index in range { strictest = strictest.stricter(member(index).auth) }
            return RouteSelection(
                route: route, foldedRoute: member(range.lowerBound), isOneView: false,
                auth: strictest, furtherFolded: range.dropFirst())
        }
    }

    private func bindsTheSame(_ route: Route, _ path: borrowing CanonicalPath) -> Bool {
        if path.isFolded { return true }
        for segment in route.pattern.variableSegments
        where !path.isSameInBothViews(segment: segment) {
            return false
        }
        return true
    }

    private func checkEscapes(
        _ opaque: EscapeSet, _ selection: RouteSelection
    ) throws(TargetRejection) {
        guard let route = selection.route, let folded = selection.foldedRoute,
            route.opaque.isSuperset(of: opaque), folded.opaque.isSuperset(of: opaque)
        else { throw .forbiddenEscape }
        for index in selection.furtherFolded
        where !member(index).opaque.isSuperset(of: opaque) {
            throw .forbiddenEscape
        }
    }

    private func member(_ index: Int) -> Route { routes[Int(trie.groups[index])] }

    /// One of the routes of the folded view besides `foldedRoute`; `number` is below
    /// ``RouteSelection/furtherFoldedCount``.
    package func furtherFoldedRoute(_ number: Int, of selection: RouteSelection) -> Route {
        member(selection.furtherFolded.lowerBound + number)
    }
}
