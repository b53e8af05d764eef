/// Lays a condition out as steps that say what follows, with negation at the leaves only.
struct ConditionLayout {
    /// In the order of the file; the first is the one to begin with.
    let steps: [Condition.Step]
    /// Each step in words, for people.
    let words: [String]

    init(_ tree: ConditionTree) {
        var layout = Placement()
        _ = layout.place(
            tree, isNegated: false, onTrue: Condition.Step.holds, onFalse: Condition.Step.fails)
        // Placed from the end, so that what follows has a number already: numbers are turned round.
        let last = Int32(layout.steps.count - 1)
        func turned(_ number: Int32) -> Int32 { number < 0 ? number : last - number }
        steps = layout.steps.reversed().map { step in
            Condition.Step(
                leaf: step.leaf, isNegated: step.isNegated, remedy: step.remedy,
                onTrue: turned(step.onTrue), onFalse: turned(step.onFalse))
        }
        words = layout.words.reversed()
    }
}

private struct Placement {
    var steps: [Condition.Step] = []
    var words: [String] = []

    /// The number of the step that is asked first.
    mutating func place(
        _ tree: ConditionTree, isNegated: Bool, onTrue: Int32, onFalse: Int32
    ) -> Int32 {
        switch tree {
        case .leaf(let leaf):
            steps.append(
                Condition.Step(
                    leaf: leaf.question, isNegated: isNegated,
                    remedy: isNegated ? [] : leaf.remedy, onTrue: onTrue, onFalse: onFalse))
            words.append(isNegated ? "not \(leaf.words)" : leaf.words)
            return Int32(steps.count - 1)
        case .not(let member, _):
            return place(member, isNegated: !isNegated, onTrue: onTrue, onFalse: onFalse)
        case .all(let members, _):
            return place(
                members, isNegated: isNegated, needsAll: !isNegated, onTrue: onTrue,
                onFalse: onFalse)
        case .any(let members, _):
            return place(
                members, isNegated: isNegated, needsAll: isNegated, onTrue: onTrue,
                onFalse: onFalse)
        }
    }

    private mutating func place(
        _ members: [ConditionTree], isNegated: Bool, needsAll: Bool, onTrue: Int32, onFalse: Int32
    ) -> Int32 {
        var next = needsAll ? onTrue : onFalse
        for member in members.reversed() {
            next =
                needsAll
                ? place(member, isNegated: isNegated, onTrue: next, onFalse: onFalse)
                : place(member, isNegated: isNegated, onTrue: onTrue, onFalse: next)
        }
        return next
    }
}
