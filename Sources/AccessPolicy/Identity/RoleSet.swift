/// A set of roles, by their number in the policy's ``RoleHierarchy``.
struct RoleSet: Sendable, Equatable {
    /// How many roles a policy can declare.
    static let capacity = 256

    private var bits = SIMD4<UInt64>.zero

    init() {}

    mutating func insert(_ role: Int) { bits[role >> 6] |= 1 << UInt64(role & 63) }

    mutating func formUnion(_ other: RoleSet) { bits |= other.bits }

    func contains(_ role: Int) -> Bool { bits[role >> 6] >> UInt64(role & 63) & 1 != 0 }

    /// Visits the roles in ascending order.
    func forEach(_ body: (Int) -> Void) {
        for word in bits.indices {
            var rest = bits[word]
            while rest != 0 {
                body((word << 6) + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }
}
