/// Names, each found by its exact bytes.
struct NameTable: Sendable {
    /// All names in one piece: shorter ones first, those of one length in the order of their bytes.
    private let bytes: [UInt8]
    /// Where each of them ends.
    private let ends: [Int]
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
        var low = 0
        var high = ends.count
        while low < high {
            let middle = (low + high) / 2
            switch compare(name, with: middle) {
            case 0: return numbers[middle]
            case 1...: low = middle + 1
            default: high = middle
            }
        }
        return nil
    }

    /// Positive where `name` stands behind the entry, zero where it is the entry.
    private func compare(_ name: Span<UInt8>, with entry: Int) -> Int {
        let start = entry == 0 ? 0 : ends[entry - 1]
        let length = ends[entry] - start
        guard name.count == length else { return name.count - length }
        for index in 0..<length where name[index] != bytes[start + index] {
            return Int(name[index]) - Int(bytes[start + index])
        }
        return 0
    }
}
