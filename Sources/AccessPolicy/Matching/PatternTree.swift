/// The patterns of a policy as a tree, searched without allocation.
///
/// A search tries, at each segment, the children in the order of their rank: literal, suffix (longer
/// ones first), typed variable, variable, `*`, `**`. The first complete match is the most specific
/// one. A search visits a node at most once, and only nodes that lead to a route for the method;
/// literals are found by a hash.
///
/// A class, so that a search counts no references to its arrays.
final class PatternTree: Sendable {
    struct Node: Sendable {
        /// One bit for each method that a route below has.
        var methods: UInt8 = 0
        var hasLiterals = false
        /// Longer ones first.
        var suffixes: Range<Int32> = 0..<0
        /// Where in `typedChildren` the children for the classes of text stand.
        var typed = PatternTree.none
        var variable = PatternTree.none
        var wildcard = PatternTree.none
        /// The leaf of the patterns that end here.
        var here = PatternTree.none
        /// The same for those that end here with a slash.
        var slash = PatternTree.none
        /// The same for those that end here with `**`.
        var rest = PatternTree.none
    }

    struct Suffix: Sendable {
        /// Where in `text`.
        let text: Range<Int32>
        let child: Int32
    }

    static let none: Int32 = -1
    static let methodCount = Method.allCases.count

    let nodes: [Node]
    let literals: LiteralTable
    let suffixes: [Suffix]
    /// One for each ``TextClass``.
    let typedChildren: [Int32]
    /// Of suffixes.
    let text: [UInt8]
    /// What each leaf holds for each method; ``none``, or what the builder put there.
    let slots: [Int32]

    init(
        nodes: [Node], literals: LiteralTable, suffixes: [Suffix], typedChildren: [Int32],
        text: [UInt8], slots: [Int32]
    ) {
        self.nodes = nodes
        self.literals = literals
        self.suffixes = suffixes
        self.typedChildren = typedChildren
        self.text = text
        self.slots = slots
    }

    /// The number of the most specific slot below a root that is not empty; ``none`` where nothing
    /// matches.
    func search(
        from root: Int32, _ method: Method, _ path: CanonicalPath, in view: PathView
    ) -> Int32 {
        let isCanonical = view == .asSent || path.isFolded
        let count = isCanonical ? path.namedSegments : path.folding.segments.count
        return path.read(view) { bytes, segments, decodes in
            let query = Query(
                method: Int(method.rawValue), count: count,
                endsWithSlash: view == .asSent && path.endsWithSlash,
                reader: SegmentReader(
                    decodes: decodes, ignoresCase: view == .folded && path.hasUppercase))
            return search(root, 0, query, bytes, segments)
        }
    }

    private struct Query {
        let method: Int
        /// Of segments that are not empty.
        let count: Int
        let endsWithSlash: Bool
        let reader: SegmentReader
    }

    private func search(
        _ number: Int32, _ depth: Int, _ query: Query, _ bytes: Span<UInt8>,
        _ segments: Span<Range<Int>>
    ) -> Int32 {
        let node = nodes[Int(number)]
        guard node.methods & 1 << UInt8(query.method) != 0 else { return Self.none }
        guard depth < query.count else { return end(node, query) }
        let segment = segments[depth]
        if node.hasLiterals {
            let child = literals.child(of: number, bytes, segment, query.reader)
            if child != Self.none {
                let found = search(child, depth + 1, query, bytes, segments)
                if found != Self.none { return found }
            }
        }
        for index in node.suffixes {
            let (suffix, text) = (suffixes[Int(index)], text)
            guard query.reader.hasSuffix(bytes, segment, text.span, suffix.text.asIntegers) else {
                continue
            }
            let found = search(suffix.child, depth + 1, query, bytes, segments)
            if found != Self.none { return found }
        }
        if node.typed != Self.none, let textClass = TextClass(bytes.extracting(segment)) {
            let child = typedChildren[Int(node.typed) + Int(textClass.rawValue)]
            if child != Self.none {
                let found = search(child, depth + 1, query, bytes, segments)
                if found != Self.none { return found }
            }
        }
        if node.variable != Self.none {
            let found = search(node.variable, depth + 1, query, bytes, segments)
            if found != Self.none { return found }
        }
        if node.wildcard != Self.none {
            let found = search(node.wildcard, depth + 1, query, bytes, segments)
            if found != Self.none { return found }
        }
        return slot(node.rest, query)
    }

    private func end(_ node: Node, _ query: Query) -> Int32 {
        if !query.endsWithSlash || query.count == 0 {
            let found = slot(node.here, query)
            if found != Self.none { return found }
        }
        // The root is the one path that ends with its slash in the folded view, too.
        if query.endsWithSlash || query.count == 0 {
            let found = slot(node.slash, query)
            if found != Self.none { return found }
        }
        return slot(node.rest, query)
    }

    @inline(__always)
    private func slot(_ leaf: Int32, _ query: Query) -> Int32 {
        guard leaf != Self.none else { return Self.none }
        let slot = Int(leaf) * Self.methodCount + query.method
        return slots[slot] == Self.none ? Self.none : Int32(slot)
    }
}

extension Range<Int32> {
    var asIntegers: Range<Int> { Int(lowerBound)..<Int(upperBound) }
}
