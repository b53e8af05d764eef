/// All routes of a policy, found by host, method and path in either view.
struct RouteTrie: Sendable {
    let hosts: RouteHosts
    let sent: PatternTree
    /// Nil where it would be the same: every literal of the policy is its own folded form.
    let folded: PatternTree?
    /// The root of each host's tree; ``PatternTree/none`` for an empty one.
    let sentRoots: [Int32]
    let foldedRoots: [Int32]
    /// The members of groups, one group behind the other.
    let groups: [Int32]
    let groupRanges: [Range<Int>]

    /// Whether one search answers for both views of a path that is its own folded form.
    var isFolded: Bool { folded == nil }

    /// What the folded view has: routes that folding does not tell apart, hardly ever more than one.
    enum Found {
        case nothing
        case route(Int)
        /// Where in `groups`.
        case group(Range<Int>)
    }

    /// The number of the most specific route for the path as sent.
    func route(
        _ method: Method, host: Span<UInt8>, _ path: CanonicalPath
    ) -> Int? {
        let slot = slot(method, host: host, path, in: .asSent)
        return slot == PatternTree.none ? nil : Int(sent.slots[Int(slot)])
    }

    /// The most specific routes for the folded path.
    func foldedRoutes(
        _ method: Method, host: Span<UInt8>, _ path: CanonicalPath
    ) -> Found {
        let slot = slot(method, host: host, path, in: .folded)
        guard slot != PatternTree.none else { return .nothing }
        let value = Int((folded ?? sent).slots[Int(slot)])
        return value >= 0 ? .route(value) : .group(groupRanges[Self.group(value)])
    }

    /// The number of the slot in the tree of a view; ``PatternTree/none`` where nothing matches.
    func slot(
        _ method: Method, host: Span<UInt8>, _ path: CanonicalPath, in view: PathView
    ) -> Int32 {
        let tree = view == .asSent ? sent : folded ?? sent
        // The usual policy names no host in its routes.
        if hosts.isEmpty {
            let root = (view == .asSent || isFolded ? sentRoots : foldedRoots)[0]
            return root == PatternTree.none
                ? root : tree.search(from: root, method, path, in: view)
        }
        let roots = view == .asSent || isFolded ? sentRoots : foldedRoots
        return hosts.first(for: host) { number in
            let root = roots[number]
            return root == PatternTree.none
                ? root : tree.search(from: root, method, path, in: view)
        }
    }

    /// A slot's value for a group, and back: below ``PatternTree/none``.
    static func value(ofGroup number: Int) -> Int32 { Int32(-2 - number) }
    private static func group(_ value: Int) -> Int { -2 - value }
}
