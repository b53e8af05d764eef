/// All patterns of a policy, one tree for each method, searched without allocation.
///
/// A search tries, at each segment, the children in the order literal, variable, `*`, `**`, and
/// returns the first complete match: that is the most specific one. It visits a node at most once,
/// and literals are found by binary search.
struct RouteTrie: Sendable {
    struct Node: Sendable {
        /// Sorted by the bytes of their text.
        var literals: Range<Int32>
        var variable: Int32
        var wildcard: Int32
        /// The route of the pattern that ends here.
        var route: Int32
        /// The route of the pattern that ends here with `**`.
        var restRoute: Int32
    }

    struct Literal: Sendable {
        /// Where in `text`.
        let text: Range<Int32>
        let child: Int32
    }

    static let none: Int32 = -1

    let nodes: [Node]
    let literals: [Literal]
    let text: [UInt8]
    /// By the raw value of the method.
    let roots: [Int32]

    /// The number of the most specific route.
    func route(for method: Method, path: borrowing CanonicalPath) -> Int? {
        let found = search(from: roots[Int(method.rawValue)], at: 0, in: path)
        return found == Self.none ? nil : Int(found)
    }

    private func search(
        from number: Int32, at segment: Int, in path: borrowing CanonicalPath
    ) -> Int32 {
        let node = nodes[Int(number)]
        guard segment < path.segments.count else {
            return node.route != Self.none ? node.route : node.restRoute
        }
        if let child = literalChild(of: node, matching: segment, in: path) {
            let found = search(from: child, at: segment + 1, in: path)
            if found != Self.none { return found }
        }
        if !path.segments[segment].isEmpty {
            if node.variable != Self.none {
                let found = search(from: node.variable, at: segment + 1, in: path)
                if found != Self.none { return found }
            }
            if node.wildcard != Self.none {
                let found = search(from: node.wildcard, at: segment + 1, in: path)
                if found != Self.none { return found }
            }
        }
        return node.restRoute
    }

    private func literalChild(
        of node: Node, matching segment: Int, in path: borrowing CanonicalPath
    ) -> Int32? {
        var low = node.literals.lowerBound
        var high = node.literals.upperBound
        while low < high {
            let middle = low + (high - low) / 2
            let literal = literals[Int(middle)]
            let candidate = text.span.extracting(
                Int(literal.text.lowerBound)..<Int(literal.text.upperBound))
            let order = path.read(.asSent) {
                SegmentReader(decodes: $2).order($0, $1[segment], candidate)
            }
            if order == 0 { return literal.child }
            if order < 0 { high = middle } else { low = middle + 1 }
        }
        return nil
    }
}
