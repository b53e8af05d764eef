/// One rule of a policy: which requests it is about, and who may make them.
package final class Route: Sendable {
    package enum Authentication: String, Sendable, CaseIterable {
        /// No credential is read, and no identity is passed on.
        case `public`
        case required
    }

    /// Unique in the policy; a label of logs and metrics.
    package let id: String
    /// The route's place in ``PolicySet/routes``.
    package let index: Int
    package let auth: Authentication

    let methods: MethodSet
    let pattern: PathPattern
    /// Nil denies, unless the route is public.
    let condition: Condition?
    /// The condition in words.
    package let conditionText: String?
    let generation: PolicyGeneration

    init(
        id: String, index: Int, auth: Authentication, methods: MethodSet, pattern: PathPattern,
        condition: Condition?, conditionText: String?, generation: PolicyGeneration
    ) {
        self.id = id
        self.index = index
        self.auth = auth
        self.methods = methods
        self.pattern = pattern
        self.condition = condition
        self.conditionText = conditionText
        self.generation = generation
    }
}
