/// The literal children of all nodes of a tree in one table with open addressing, so that a node with
/// ten thousand literals costs as much as one with ten.
///
/// Requests cannot make it slow: what collides in it is what the policy put there.
struct LiteralTable: Sendable {
    struct Entry: Sendable {
        let hash: UInt64
        /// Where in `text`.
        let text: Range<Int32>
        let node: Int32
        /// ``PatternTree/none`` in a place that is free.
        let child: Int32
    }

    private let entries: [Entry]
    private let text: [UInt8]
    private let mask: UInt64

    init(_ literals: [(node: Int32, text: [UInt8], child: Int32)]) {
        // At most half full, so that a place is free: it ends the search.
        var capacity = 4
        while capacity < literals.count * 2 { capacity *= 2 }
        let free = Entry(hash: 0, text: 0..<0, node: PatternTree.none, child: PatternTree.none)
        var entries = [Entry](repeating: free, count: capacity)
        var text: [UInt8] = []
        for literal in literals {
            let start = Int32(text.count)
            text += literal.text
            let hash = Self.hash(
                literal.node, literal.text.span, literal.text.indices, SegmentReader(decodes: false)
            )
            var index = Int(hash & UInt64(capacity - 1))
            while entries[index].child != PatternTree.none { index = (index + 1) & (capacity - 1) }
            entries[index] = Entry(
                hash: hash, text: start..<Int32(text.count), node: literal.node,
                child: literal.child)
        }
        self.entries = entries
        self.text = text
        mask = UInt64(capacity - 1)
    }

    /// The child of a node for a segment.
    func child(
        of node: Int32, _ bytes: Span<UInt8>, _ segment: Range<Int>, _ reader: SegmentReader
    ) -> Int32 {
        let hash = Self.hash(node, bytes, segment, reader)
        var index = hash & mask
        while true {
            let entry = entries[Int(index)]
            if entry.child == PatternTree.none { return PatternTree.none }
            if entry.hash == hash, entry.node == node,
                reader.isEqual(bytes, segment, text.span, entry.text.asIntegers)
            {
                return entry.child
            }
            index = (index + 1) & mask
        }
    }

    /// FNV-1a, whose low bits are not good enough alone.
    private static func hash(
        _ node: Int32, _ bytes: Span<UInt8>, _ segment: Range<Int>, _ reader: SegmentReader
    ) -> UInt64 {
        var hash: UInt64 = (0xcbf2_9ce4_8422_2325 ^ UInt64(UInt32(bitPattern: node))) &* prime
        var rest = segment
        while !rest.isEmpty { hash = (hash ^ UInt64(reader.pop(bytes, &rest))) &* prime }
        return hash ^ hash &>> 32
    }

    private static let prime: UInt64 = 0x100_0000_01b3
}
