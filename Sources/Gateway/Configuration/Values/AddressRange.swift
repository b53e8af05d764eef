/// A range of addresses in CIDR form: `10.0.0.0/8`, `2001:db8::/32`; a single address is a range of
/// one.
package struct AddressRange: Sendable, Hashable, CustomStringConvertible {
    package let base: IPAddress
    /// How many leading bits an address must share with `base`.
    package let prefixLength: Int

    package func contains(_ address: IPAddress) -> Bool {
        guard address.isIPv6 == base.isIPv6 else { return false }
        let shift = UInt128(base.bitWidth - prefixLength)
        return address.value >> shift == base.value >> shift
    }

    package var description: String { "\(base)/\(prefixLength)" }
}

extension AddressRange: SettingValue {
    static let typeName = "address range"

    init(setting text: String) throws(SettingProblem) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else {
            throw SettingProblem(
                message: "must be an address range such as `10.0.0.0/8`, not `\(text)`")
        }
        var prefix = address.bitWidth
        if parts.count == 2 {
            guard let written = UInt8(parts[1]).map(Int.init), written <= address.bitWidth else {
                throw SettingProblem(
                    message: "must end in a prefix length between /0 and /\(address.bitWidth), "
                        + "not `\(text)`")
            }
            prefix = written
        }
        let hostBits = UInt128(address.bitWidth - prefix)
        let base = IPAddress(
            isIPv6: address.isIPv6, value: (address.value >> hostBits) << hostBits)
        guard base == address else {
            throw SettingProblem(
                message: "must not have bits after the prefix, as `\(text)` has",
                suggestion: "did you mean `\(base)/\(prefix)`?")
        }
        self.base = base
        prefixLength = prefix
    }
}
