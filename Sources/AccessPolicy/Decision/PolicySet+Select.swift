extension PolicySet {
    /// The most specific routes for a request, one for each view of its path.
    ///
    /// The host decides first (exact over wildcard, a longer wildcard over a shorter one, any over
    /// none), then the path from the left, then the method.
    ///
    /// - Parameters:
    ///   - method: `webSocket` for a handshake, else that of the request line.
    ///   - host: lower-cased, without port and trailing dot; an IPv6 address in brackets.
    /// - Throws: `forbiddenEscape`, when the path holds an escaped delimiter that the route of a view
    ///   does not allow, or for which a view has no route.
    package func select(
        _ method: Method, host: Span<UInt8>, path: borrowing CanonicalPath
    ) throws(TargetRejection) -> RouteSelection {
        let route = route(for: method, path: path)
        if !path.opaque.isEmpty { throw .forbiddenEscape }
        return RouteSelection(
            route: route, foldedRoute: route, isOneView: true, auth: route?.auth ?? .required)
    }

    /// One of the routes of the folded view besides `foldedRoute`; `number` is below
    /// ``RouteSelection/furtherFoldedCount``.
    package func furtherFoldedRoute(_ number: Int, of selection: RouteSelection) -> Route {
        routes[selection.furtherFolded.lowerBound + number]
    }
}
