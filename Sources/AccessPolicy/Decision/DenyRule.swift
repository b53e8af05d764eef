/// One entry of `deny`: whom no route lets in, whatever it allows.
package final class DenyRule: Sendable {
    /// Unique among the entries; the reason code of a refusal is `deny.<id>`.
    package let id: String
    /// What a refused client is told.
    package let message: String?
    /// The condition in words.
    package let conditionText: String

    let condition: Condition

    init(id: String, message: String?, conditionText: String, condition: Condition) {
        self.id = id
        self.message = message
        self.conditionText = conditionText
        self.condition = condition
    }
}
