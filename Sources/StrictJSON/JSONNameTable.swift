/// A few names, all of which are found in one pass over the members of an object.
package struct JSONNameTable: Sendable {
    package static let maximumCount = 16

    private let names: [JSONName]
    /// By the hash of a fingerprint: the number of the only name that can have it, or of any other.
    private let numbers: [UInt8]
    /// By number.
    private let fingerprints: [UInt64]
    private let multiplier: UInt64

    /// - Parameter names: at most 16, no two alike. Each is known by its position.
    package init(_ names: [JSONName]) {
        precondition(names.count <= Self.maximumCount, "a table takes 16 names")
        var multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15
        // Of 64 slots a dozen names leave most empty: some of the first hundred factors will do. Each is
        // far from the one before, since nearly equal factors send a short name to the same slot.
        while Set(names.map { Self.slot($0.fingerprint, multiplier) }).count < names.count {
            multiplier = multiplier &* 0xD6E8_FEB8_6659_FD93
        }
        var numbers = [UInt8](repeating: 0, count: Self.slotCount)
        for (number, name) in names.enumerated() {
            numbers[Self.slot(name.fingerprint, multiplier)] = UInt8(number)
        }
        self.names = names
        fingerprints = names.map(\.fingerprint)
        self.numbers = numbers
        self.multiplier = multiplier
    }

    /// The number of the name with that fingerprint; nil when none has it.
    @inline(__always)
    func number(of fingerprint: UInt64) -> Int? {
        let number = Int(numbers.span[Self.slot(fingerprint, multiplier)])
        return fingerprints.span[number] == fingerprint ? number : nil
    }

    @inline(__always)
    func name(_ number: Int) -> JSONName { names[number] }

    @inline(__always)
    private static func slot(_ fingerprint: UInt64, _ multiplier: UInt64) -> Int {
        Int((fingerprint &* multiplier) >> 58)
    }

    private static let slotCount = 64
}

/// Where an object has the names of a table.
///
/// Sixteen bits for each name, in words that stay in registers: indexing an inline array copies it.
package struct JSONPlaces: Sendable {
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var fourth: UInt64 = 0

    /// The position of the member that has the name of this number; nil when none has.
    package subscript(_ number: Int) -> Int? {
        let word =
            switch number >> 2 {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        // One more than the position, so that zero is none.
        let position = Int(truncatingIfNeeded: word >> UInt64((number & 3) &* 16) & 0xFFFF)
        return position == 0 ? nil : position &- 1
    }

    mutating func found(_ number: Int, at index: Int) {
        let bits = UInt64(UInt16(truncatingIfNeeded: index &+ 1)) << UInt64((number & 3) &* 16)
        switch number >> 2 {
        case 0: first |= bits
        case 1: second |= bits
        case 2: third |= bits
        default: fourth |= bits
        }
    }
}
