import StrictYAML

/// A condition whose names are resolved, before it is laid out.
indirect enum ConditionTree {
    case leaf(Leaf)
    case all([ConditionTree], SourcePosition)
    case any([ConditionTree], SourcePosition)
    case not(ConditionTree, SourcePosition)

    struct Leaf {
        let question: ConditionLeaf
        var remedy: Condition.Remedy = []
        /// Two leaves with the same words ask the same.
        let words: String
        let position: SourcePosition
        /// Which of the possible values of what the leaf is about it accepts; nil where only the leaf
        /// itself is known.
        var choice: Choice?
    }

    /// A leaf holds for these values of one thing, and for no others.
    struct Choice {
        /// `claims.status`, `method`, `role`
        let about: String
        let values: Set<String>
        /// All values that the thing can have; nil: endlessly many.
        var universe: Set<String>?
    }

    var position: SourcePosition {
        switch self {
        case .leaf(let leaf): leaf.position
        case .all(_, let position), .any(_, let position), .not(_, let position): position
        }
    }

    func forEachLeaf(_ body: (Leaf) -> Void) {
        switch self {
        case .leaf(let leaf): body(leaf)
        case .all(let members, _), .any(let members, _):
            for member in members { member.forEachLeaf(body) }
        case .not(let member, _): member.forEachLeaf(body)
        }
    }
}
