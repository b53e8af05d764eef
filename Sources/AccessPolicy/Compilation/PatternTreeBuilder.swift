/// Lays patterns out as a ``PatternTree``, from the root down.
struct PatternTreeBuilder {
    /// One route, in the tree of one host.
    struct Claim {
        let route: Int
        let pattern: PathPattern
        let methods: MethodSet
        /// The pattern's, as the view has them.
        let segments: [PathPattern.Segment]
    }

    /// How the search comes to a node.
    enum Step {
        case literal([UInt8])
        case suffix([UInt8])
        case typed([TextClass])
        /// A variable or `*`.
        case anything
    }

    enum End {
        case here, slash, rest
    }

    /// A leaf that more than one of the most specific routes for a method claim.
    struct Crowd {
        let steps: [Step]
        let end: End
        let slot: Int32
        let method: Method
        /// Ascending.
        let routes: [Int]
    }

    private let view: PathView
    private var nodes: [PatternTree.Node] = []
    private var literals: [(node: Int32, text: [UInt8], child: Int32)] = []
    private var suffixes: [PatternTree.Suffix] = []
    private var typedChildren: [Int32] = []
    private var text: [UInt8] = []
    private var slots: [Int32] = []
    private(set) var crowds: [Crowd] = []
    private(set) var groups: [Int32] = []
    private(set) var groupRanges: [Range<Int>] = []

    init(_ view: PathView) { self.view = view }

    /// Adds a tree; ``PatternTree/none`` for one without claims.
    mutating func addTree(_ claims: [Claim]) -> Int32 {
        claims.isEmpty ? PatternTree.none : addNode(claims, [])
    }

    func build() -> PatternTree {
        PatternTree(
            nodes: nodes, literals: LiteralTable(literals), suffixes: suffixes,
            typedChildren: typedChildren, text: text, slots: slots)
    }

    /// `steps` lead to the node; the first so many segments of all `claims` fit them.
    private mutating func addNode(_ claims: [Claim], _ steps: [Step]) -> Int32 {
        let number = Int32(nodes.count)
        nodes.append(PatternTree.Node())
        var node = PatternTree.Node()
        for claim in claims { node.methods |= claim.methods.bits }

        let depth = steps.count
        var members = Members()
        for claim in claims { members.take(claim, at: depth) }
        for (text, claims) in members.literals {
            node.hasLiterals = true
            let child = addNode(claims, steps + [.literal(text)])
            literals.append((number, text, child))
        }
        node.suffixes = addSuffixes(members.suffixes, steps)
        node.typed = addTyped(members.typed, steps)
        if !members.variable.isEmpty {
            node.variable = addNode(members.variable, steps + [.anything])
        }
        if !members.wildcard.isEmpty {
            node.wildcard = addNode(members.wildcard, steps + [.anything])
        }
        node.here = addLeaf(members.here, steps, .here)
        node.slash = addLeaf(members.slash, steps, .slash)
        node.rest = addLeaf(members.rest, steps, .rest)
        nodes[Int(number)] = node
        return number
    }

    private mutating func addSuffixes(
        _ members: [[UInt8]: [Claim]], _ steps: [Step]
    ) -> Range<Int32> {
        let sorted = members.sorted { left, right in
            left.key.count == right.key.count
                ? left.key.lexicographicallyPrecedes(right.key)
                : left.key.count > right.key.count
        }
        var added: [PatternTree.Suffix] = []
        for (suffix, claims) in sorted {
            let start = Int32(text.count)
            text += suffix
            added.append(
                PatternTree.Suffix(
                    text: start..<Int32(text.count),
                    child: addNode(claims, steps + [.suffix(suffix)])))
        }
        let first = Int32(suffixes.count)
        suffixes += added
        return first..<Int32(suffixes.count)
    }

    /// A child for each set of classes that the same types accept: a text meets one child, in which
    /// all patterns are that it can match.
    private mutating func addTyped(
        _ members: [(type: VariableType, claim: Claim)], _ steps: [Step]
    ) -> Int32 {
        guard !members.isEmpty else { return PatternTree.none }
        var children = [Int32](repeating: PatternTree.none, count: TextClass.allCases.count)
        let types = Set(members.map(\.type))
        let byTypes = Dictionary(grouping: TextClass.allCases) { textClass in
            types.filter { $0.accepts(textClass) }
        }
        for (types, classes) in byTypes where !types.isEmpty {
            let claims = members.filter { types.contains($0.type) }.map(\.claim)
            let child = addNode(claims, steps + [.typed(classes)])
            for textClass in classes { children[Int(textClass.rawValue)] = child }
        }
        let first = Int32(typedChildren.count)
        typedChildren += children
        return first
    }

    private mutating func addLeaf(
        _ claims: [Claim], _ steps: [Step], _ end: End
    ) -> Int32 {
        guard !claims.isEmpty else { return PatternTree.none }
        let leaf = Int32(slots.count / PatternTree.methodCount)
        let first = slots.count
        slots += Array(repeating: PatternTree.none, count: PatternTree.methodCount)
        for method in Method.allCases {
            let claimants = claims.filter { $0.methods.contains(method) }
            guard !claimants.isEmpty else { continue }
            let slot = first + Int(method.rawValue)
            switch view {
            case .asSent:
                let routes = Self.winners(claimants, method)
                slots[slot] = Int32(routes[0])
                guard routes.count > 1 else { continue }
                crowds.append(
                    Crowd(steps: steps, end: end, slot: Int32(slot), method: method, routes: routes)
                )
            case .folded:
                slots[slot] = addGroup(claimants, method)
            }
        }
        return leaf
    }

    /// The routes that one of the spellings would select, which are hardly ever more than one.
    private mutating func addGroup(_ claimants: [Claim], _ method: Method) -> Int32 {
        let routes = Dictionary(grouping: claimants, by: \.spelling).values
            .map { Self.winners($0, method)[0] }.sorted()
        if routes.count == 1 { return Int32(routes[0]) }
        let start = groups.count
        groups += routes.map(Int32.init)
        groupRanges.append(start..<groups.count)
        return RouteTrie.value(ofGroup: groupRanges.count - 1)
    }

    /// The claimants that are most specific about a method, ascending.
    private static func winners(_ claimants: [Claim], _ method: Method) -> [Int] {
        let best = claimants.map { $0.methods.rank(of: method) }.min()
        return claimants.filter { $0.methods.rank(of: method) == best }.map(\.route).sorted()
    }
}

/// The claims on a node, by where they go on.
private struct Members {
    typealias Claim = PatternTreeBuilder.Claim

    var literals: [[UInt8]: [Claim]] = [:]
    var suffixes: [[UInt8]: [Claim]] = [:]
    var typed: [(type: VariableType, claim: Claim)] = []
    var variable: [Claim] = []
    var wildcard: [Claim] = []
    var here: [Claim] = []
    var slash: [Claim] = []
    var rest: [Claim] = []

    mutating func take(_ claim: Claim, at depth: Int) {
        guard depth < claim.segments.count else {
            if claim.pattern.matchesRest { rest.append(claim) } else { here.append(claim) }
            return
        }
        switch claim.segments[depth] {
        case .literal([]): slash.append(claim)
        case .literal(let text): literals[text, default: []].append(claim)
        case .suffix(let text): suffixes[text, default: []].append(claim)
        case .typed(_, let type): typed.append((type, claim))
        case .variable: variable.append(claim)
        case .wildcard: wildcard.append(claim)
        }
    }
}

extension PatternTreeBuilder.Claim {
    /// The same for patterns that match the same paths as sent, as far as they share a leaf.
    fileprivate var spelling: [[UInt8]?] {
        pattern.segments.map { segment in
            switch segment {
            case .literal(let text), .suffix(let text): text
            case .typed, .variable, .wildcard: nil
            }
        }
    }
}
