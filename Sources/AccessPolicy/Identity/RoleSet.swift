/// A set of roles, by their number in the policy's ``RoleHierarchy``.
struct RoleSet: Sendable, Equatable {
    /// How many roles a policy can declare.
    static let capacity = 256

    // Not a vector, whose alignment would make every principal cost an aligned allocation.
    private var bits = InlineArray<4, UInt64>(repeating: 0)

    init() {}

    mutating func insert(_ role: Int) { bits[role >> 6] |= 1 << UInt64(role & 63) }

    mutating func formUnion(_ other: RoleSet) {
        for word in 0..<4 { bits[word] |= other.bits[word] }
    }

    func contains(_ role: Int) -> Bool { bits[role >> 6] >> UInt64(role & 63) & 1 != 0 }

    /// Visits the roles in ascending order.
    func forEach(_ body: (Int) -> Void) {
        for word in 0..<4 {
            var rest = bits[word]
            while rest != 0 {
                body((word << 6) + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    static func == (left: RoleSet, right: RoleSet) -> Bool {
        (0..<4).allSatisfy { left.bits[$0] == right.bits[$0] }
    }
}
