/// What the names in a condition can stand for.
struct ConditionScope {
    /// Nil: the condition is for all routes.
    let pattern: PathPattern?
    let methods: MethodSet
    let parameters: [QueryParameter]

    static func route(
        _ pattern: PathPattern, _ methods: MethodSet, _ parameters: [QueryParameter]
    ) -> ConditionScope {
        ConditionScope(pattern: pattern, methods: methods, parameters: parameters)
    }

    /// A rule of `deny`.
    static let everyRoute = ConditionScope(pattern: nil, methods: .any, parameters: [])
}
