import StrictYAML

/// Finds conditions that hold for nobody or for everybody, whatever a request says. They are written
/// by mistake: whoever means nobody leaves out `allow`.
struct ConditionLogic {
    private let roles: RoleHierarchy
    private let sink: DiagnosticSink

    init(_ roles: RoleHierarchy, _ sink: DiagnosticSink) {
        self.roles = roles
        self.sink = sink
    }

    /// Reports the smallest parts of the condition of which that is so.
    func check(_ tree: ConditionTree) {
        let before = sink.count
        switch tree {
        case .leaf: return
        case .not(let member, _): check(member)
        case .all(let members, _), .any(let members, _): for member in members { check(member) }
        }
        guard sink.count == before else { return }
        var leaves: [ConditionTree.Leaf] = []
        tree.forEachLeaf { leaf in
            if !leaves.contains(where: { $0.words == leaf.words }) { leaves.append(leaf) }
        }
        guard leaves.count <= Self.maximumLeaves else { return }
        report(tree, leaves)
    }

    private func report(_ tree: ConditionTree, _ leaves: [ConditionTree.Leaf]) {
        let numbers = Dictionary(
            uniqueKeysWithValues: leaves.enumerated().map { ($0.element.words, $0.offset) })
        var (canHold, canFail) = (false, false)
        for world in 0..<(1 << leaves.count) where isPossible(world, leaves) {
            if holds(tree, world, numbers) { canHold = true } else { canFail = true }
        }
        if !canHold {
            sink.report(
                "constant_condition", at: tree.position, "this condition never holds",
                suggestion: "leave it out: without `allow` nobody passes")
        } else if !canFail, !leaves.contains(where: \.isForEverybody) {
            sink.report(
                "constant_condition", at: tree.position, "this condition always holds",
                suggestion: "write `authenticated: true` if that is meant")
        }
    }

    private func holds(_ tree: ConditionTree, _ world: Int, _ numbers: [String: Int]) -> Bool {
        switch tree {
        case .leaf(let leaf): numbers[leaf.words].map { world >> $0 & 1 != 0 } ?? false
        case .all(let members, _): members.allSatisfy { holds($0, world, numbers) }
        case .any(let members, _): members.contains { holds($0, world, numbers) }
        case .not(let member, _): !holds(member, world, numbers)
        }
    }

    /// Whether one request can make exactly the leaves of `world` hold.
    private func isPossible(_ world: Int, _ leaves: [ConditionTree.Leaf]) -> Bool {
        func holds(_ number: Int) -> Bool { world >> number & 1 != 0 }
        for (number, leaf) in leaves.enumerated() {
            if leaf.isForEverybody, !holds(number) { return false }
            guard case .role(let role) = leaf.question, holds(number) else { continue }
            for (other, second) in leaves.enumerated() where !holds(other) {
                guard case .role(let included) = second.question else { continue }
                if roles.closures[role].contains(included) { return false }
            }
        }
        for about in Set(leaves.compactMap { $0.choice?.about }) {
            var left: Set<String>?
            var excluded: Set<String> = []
            for (number, leaf) in leaves.enumerated() {
                guard let choice = leaf.choice, choice.about == about else { continue }
                left = left ?? choice.universe
                if holds(number) {
                    left = left?.intersection(choice.values) ?? choice.values
                } else {
                    excluded.formUnion(choice.values)
                }
            }
            if left?.subtracting(excluded).isEmpty == true { return false }
        }
        return true
    }

    /// All combinations are tried; conditions with more leaves are checked in their parts.
    private static let maximumLeaves = 8
}

extension ConditionTree.Leaf {
    fileprivate var isForEverybody: Bool {
        switch question {
        case .anyone, .authenticated: true
        default: false
        }
    }
}
