/// The routes of one request: the most specific one for the path as it is sent, and the one for what a
/// lenient server could take it for.
///
/// Where the two differ, the credential demand is the stricter of the two, and each route must allow
/// the request with what its own view binds to its variables.
package struct RouteSelection: Sendable {
    /// For the path as sent; nil where none matches.
    package let route: Route?
    /// For the folded path; nil where none matches.
    package let foldedRoute: Route?
    /// Whether both views have one route, and every variable of it the same text: one evaluation is
    /// enough.
    package let isOneView: Bool
    /// The strictest demand of all routes of the selection; a route that is not there counts as
    /// `required`.
    package let auth: Route.Authentication
    /// More routes for the folded path, as numbers of ``PolicySet/foldedGroups``: spellings that the
    /// policy tells apart and folding does not, such as `/a` and `/A`. All of them must allow.
    let furtherFolded: Range<Int>

    /// How many routes the folded view has besides ``foldedRoute``: hardly ever any.
    package var furtherFoldedCount: Int { furtherFolded.count }

    init(
        route: Route?, foldedRoute: Route?, isOneView: Bool, auth: Route.Authentication,
        furtherFolded: Range<Int> = 0..<0
    ) {
        self.route = route
        self.foldedRoute = foldedRoute
        self.isOneView = isOneView
        self.auth = auth
        self.furtherFolded = furtherFolded
    }
}

extension Route.Authentication {
    func stricter(_ other: Route.Authentication) -> Route.Authentication {
        switch (self, other) {
        case (.required, _), (_, .required): .required
        case (.optional, _), (_, .optional): .optional
        case (.public, .public): .public
        }
    }
}
