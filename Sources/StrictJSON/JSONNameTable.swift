/// A few names, all of which are found in one pass over the members of an object.
package struct JSONNameTable: Sendable {
    package static let maximumCount = 16

    private let names: [JSONName]
    /// By the hash of a fingerprint: the number of the only name that can have it, or of any other.
    private let numbers: [UInt8]
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
        self.numbers = numbers
        self.multiplier = multiplier
    }

    /// The number of the name with that fingerprint; nil when none has it.
    @inline(__always)
    func number(of fingerprint: UInt64) -> Int? {
        let number = Int(numbers.span[Self.slot(fingerprint, multiplier)])
        return names.span[number].fingerprint == fingerprint ? number : nil
    }

    func name(_ number: Int) -> JSONName { names[number] }

    @inline(__always)
    private static func slot(_ fingerprint: UInt64, _ multiplier: UInt64) -> Int {
        Int((fingerprint &* multiplier) >> 58)
    }

    private static let slotCount = 64
}

/// Where an object has the names of a table.
package struct JSONPlaces: Sendable {
    /// One more than the position, so that zero is none.
    private var positions = SIMD16<UInt16>()

    /// The position of the member that has the name of this number; nil when none has.
    @inline(__always)
    package subscript(_ number: Int) -> Int? {
        let position = positions[number]
        return position == 0 ? nil : Int(position) - 1
    }

    @inline(__always)
    mutating func found(_ number: Int, at index: Int) {
        positions[number] = UInt16(truncatingIfNeeded: index + 1)
    }
}
