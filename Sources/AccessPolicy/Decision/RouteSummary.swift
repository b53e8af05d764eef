/// One route, for people: a line of `ostiary policy check`.
package struct RouteSummary: Sendable, Equatable {
    package let id: String
    /// `ANY`, or method names joined by `|`; HEAD is named where GET brought it along.
    package let methods: String
    /// As it is written in the policy.
    package let pattern: String
    package let auth: Route.Authentication
    /// `anyone` for a public route, `nobody` for one without a condition.
    package let condition: String
}

extension PolicySet {
    /// The routes in the order of the file.
    package var routeSummaries: [RouteSummary] {
        routes.map { route in
            RouteSummary(
                id: route.id,
                methods: route.methods.isAny
                    ? "ANY" : route.methods.methods.map(\.name).joined(separator: "|"),
                pattern: route.pattern.text, auth: route.auth,
                condition: route.conditionText ?? (route.auth == .public ? "anyone" : "nobody"))
        }
    }
}
