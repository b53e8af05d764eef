/// One rule of `deny`: on every route that is not public, whoever it is about is refused, whatever any
/// `allow` says.
package final class DenyRule: Sendable, Equatable {
    /// Unique among the rules of `deny`.
    package let id: String
    /// What the client is told; nil: that it is forbidden.
    package let message: String?
    /// The reason code: `deny.` and the id.
    package let code: String
    /// The condition in words.
    package let conditionText: String

    let condition: Condition

    init(id: String, message: String?, condition: Condition, conditionText: String) {
        self.id = id
        self.message = message
        code = "deny.\(id)"
        self.condition = condition
        self.conditionText = conditionText
    }

    package static func == (left: DenyRule, right: DenyRule) -> Bool { left === right }
}
