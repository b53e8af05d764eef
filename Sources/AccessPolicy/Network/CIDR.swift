/// A range of addresses in CIDR form: `10.0.0.0/8`, `2001:db8::/32`; a single address is a range of
/// one.
package struct CIDR: Sendable, Hashable, CustomStringConvertible {
    package let base: IPAddress
    /// How many leading bits an address must share with `base`.
    package let prefixLength: Int

    /// - Returns: nil when the prefix is longer than the address, or `base` has bits behind it.
    package init?(base: IPAddress, prefixLength: Int) {
        guard (0...base.bitWidth).contains(prefixLength) else { return nil }
        self.base = base
        self.prefixLength = prefixLength
        guard base == base.masked(to: prefixLength) else { return nil }
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.isIPv6 == base.isIPv6 && address.masked(to: prefixLength) == base
    }

    package var description: String { "\(base)/\(prefixLength)" }
}

extension IPAddress {
    /// The address with all bits behind the first `prefixLength` cleared.
    package func masked(to prefixLength: Int) -> IPAddress {
        let hostBits = UInt128(bitWidth - prefixLength)
        return IPAddress(isIPv6: isIPv6, value: (value >> hostBits) << hostBits)
    }
}
