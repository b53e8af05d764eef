/// Collects patterns and lays them out as a ``RouteTrie``.
struct RouteTrieBuilder {
    /// Two or more routes that are equally specific on the same requests.
    struct Tie {
        let method: Method
        /// Numbers of the routes, ascending.
        let routes: [Int]
    }

    private struct Node {
        var literals: [[UInt8]: Int] = [:]
        var variable: Int?
        var wildcard: Int?
        var here = Claimants()
        var rest = Claimants()
    }

    /// The routes whose pattern ends at one place of the tree of one method.
    private struct Claimants {
        var explicit: [Int] = []
        var any: [Int] = []

        /// A route that names the method wins over `ANY`.
        var winners: [Int] { explicit.isEmpty ? any : explicit }
    }

    private var nodes = Method.allCases.map { _ in Node() }

    /// Adds route `number` to the tree of each of its methods.
    mutating func insert(_ pattern: PathPattern, methods: MethodSet, route number: Int) {
        for method in methods.methods {
            var node = Int(method.rawValue)
            for segment in pattern.segments { node = child(of: node, for: segment) }
            let place: WritableKeyPath<Node, Claimants> = pattern.matchesRest ? \.rest : \.here
            if methods.isAny {
                nodes[node][keyPath: place].any.append(number)
            } else {
                nodes[node][keyPath: place].explicit.append(number)
            }
        }
    }

    /// Each pair of places and methods that more than one route claims, in the order of methods.
    ///
    /// Patterns of different shape never tie: from the left, the first segment that differs in kind
    /// decides, and different literals never match the same path.
    var ties: [Tie] {
        var ties: [Tie] = []
        for method in Method.allCases {
            var pending = [Int(method.rawValue)]
            while let number = pending.popLast() {
                let node = nodes[number]
                for routes in [node.here.winners, node.rest.winners] where routes.count > 1 {
                    ties.append(Tie(method: method, routes: routes))
                }
                pending += [node.variable, node.wildcard].compactMap { $0 } + node.literals.values
            }
        }
        return ties
    }

    /// The tree, of which each place has at most one route. Where routes tie, the first is taken; such
    /// a policy must not be used.
    func build() -> RouteTrie {
        var literals: [RouteTrie.Literal] = []
        var text: [UInt8] = []
        let flat = nodes.map { node in
            let first = Int32(literals.count)
            let sorted = node.literals.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            for (bytes, child) in sorted {
                let start = Int32(text.count)
                text += bytes
                literals.append(.init(text: start..<Int32(text.count), child: Int32(child)))
            }
            return RouteTrie.Node(
                literals: first..<Int32(literals.count),
                variable: node.variable.map(Int32.init) ?? RouteTrie.none,
                wildcard: node.wildcard.map(Int32.init) ?? RouteTrie.none,
                route: node.here.winners.first.map(Int32.init) ?? RouteTrie.none,
                restRoute: node.rest.winners.first.map(Int32.init) ?? RouteTrie.none)
        }
        return RouteTrie(
            nodes: flat, literals: literals, text: text,
            roots: Method.allCases.map { Int32($0.rawValue) })
    }

    private mutating func child(of node: Int, for segment: PathPattern.Segment) -> Int {
        let existing: Int? =
            switch segment {
            case .literal(let decoded): nodes[node].literals[decoded]
            case .variable, .typed, .suffix: nodes[node].variable
            case .wildcard: nodes[node].wildcard
            }
        if let existing { return existing }
        nodes.append(Node())
        let number = nodes.count - 1
        switch segment {
        case .literal(let decoded): nodes[node].literals[decoded] = number
        case .variable, .typed, .suffix: nodes[node].variable = number
        case .wildcard: nodes[node].wildcard = number
        }
        return number
    }
}
