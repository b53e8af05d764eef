/// A condition with every name resolved: evaluated without allocation, and unable to fail.
///
/// `all`, `any` and `not` are gone: each step says which step follows when it holds and which when it
/// does not. A step that cannot be answered (a stranger has no roles, a parameter is absent) does not
/// hold, whether it is negated or not. Since nothing else negates, the whole condition holds exactly
/// when it is true in three-valued logic.
///
/// A class, so that evaluation counts no references to its arrays.
final class Condition: Sendable {
    struct Step: Sendable {
        /// Instead of the number of a step: the condition is decided.
        static let holds: Int32 = -1
        static let fails: Int32 = -2

        let leaf: ConditionLeaf
        let isNegated: Bool
        let remedy: Remedy
        // INVARIANT (evaluation ends): both are behind this step, or one of the two constants.
        let onTrue: Int32
        let onFalse: Int32
    }

    /// What would make a step hold that does not.
    struct Remedy: OptionSet, Sendable {
        let rawValue: UInt8

        /// Another sign-in.
        static let stepUp = Remedy(rawValue: 1)
        /// A token with more scopes.
        static let scope = Remedy(rawValue: 2)
    }

    /// What the steps compare with.
    struct Constants: Sendable {
        /// UTF-8, one text behind the other, and where each of them is.
        var bytes: [UInt8] = []
        var texts: [Range<Int>] = []
        var integers: [Int64] = []
        var ranges: [CIDR] = []
        var windows: [TimeWindow] = []
    }

    /// The first is asked first; never empty.
    let steps: [Step]
    /// Each step in words, for people.
    let words: [String]
    let constants: Constants
    /// Those of the route, in its order.
    let parameters: [QueryParameter]
    /// Whether the whole condition asks for a role and nothing else.
    let isPlainRole: Bool
    /// Whether the condition is one of `deny`: an address that is not known is refused then, whatever
    /// is asked about it.
    let denies: Bool
    /// All that steps ask of a sign-in; nil when none does.
    let stepUp: StepUp?
    /// All scopes that steps ask for.
    let scopes: [String]

    init(
        steps: [Step], words: [String], constants: Constants, parameters: [QueryParameter],
        isPlainRole: Bool, denies: Bool, stepUp: StepUp?, scopes: [String]
    ) {
        self.steps = steps
        self.words = words
        self.constants = constants
        self.parameters = parameters
        self.isPlainRole = isPlainRole
        self.denies = denies
        self.stepUp = stepUp
        self.scopes = scopes
    }
}
