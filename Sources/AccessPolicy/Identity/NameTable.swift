import StrictJSON

/// Names, each found by its exact bytes.
struct NameTable: Sendable {
    /// All names in one piece: shorter ones first, those of one length in the order of their bytes.
    private let bytes: [UInt8]
    /// Where each of them ends.
    private let ends: [Int]
    /// The first eight bytes of each, the first of them in the highest position, and zeros.
    private let heads: [UInt64]
    /// Where each of them stood in the list that the table was made of.
    private let numbers: [Int]

    /// - Parameter names: no two of which are the same bytes.
    init(_ names: [String]) {
        let sorted = names.enumerated().sorted { left, right in
            let (first, second) = (left.element.utf8, right.element.utf8)
            return first.count != second.count
                ? first.count < second.count : first.lexicographicallyPrecedes(second)
        }
        var bytes: [UInt8] = []
        var ends: [Int] = []
        heads = sorted.map { Self.head(of: $0.element.utf8.span) }
        for name in sorted {
            bytes += name.element.utf8
            ends.append(bytes.count)
        }
        self.bytes = bytes
        self.ends = ends
        numbers = sorted.map(\.offset)
    }

    /// The position of a name in the list that the table was made of.
    func number(of name: Span<UInt8>) -> Int? {
        let head = Self.head(of: name)
        let (heads, ends) = (heads.span, ends.span)
        var low = 0
        var high = ends.count
        while low < high {
            let middle = (low &+ high) / 2
            let start = middle == 0 ? 0 : ends[middle &- 1]
            let length = ends[middle] &- start
            let isBehind: Bool
            if length != name.count {
                isBehind = name.count > length
            } else if heads[middle] != head {
                isBehind = head > heads[middle]
            } else {
                let order = length > 8 ? compare(name, with: start..<ends[middle]) : 0
                if order == 0 { return numbers[middle] }
                isBehind = order > 0
            }
            if isBehind { low = middle &+ 1 } else { high = middle }
        }
        return nil
    }

    private static func head(of name: Span<UInt8>) -> UInt64 {
        (name.count >= 8 ? name.word(at: 0) : name.lastWord(at: 0)).byteSwapped
    }

    /// Positive where `name` stands behind the entry, which is as long; zero where it is the entry.
    private func compare(_ name: Span<UInt8>, with entry: Range<Int>) -> Int {
        let entry = bytes.span.extracting(entry)
        for index in entry.indices where name[index] != entry[index] {
            return Int(name[index]) - Int(entry[index])
        }
        return 0
    }
}
