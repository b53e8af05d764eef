/// A range of addresses in CIDR form: `10.0.0.0/8`, `2001:db8::/32`; a single address is a range of
/// one.
package struct CIDR: Sendable, Hashable, CustomStringConvertible {
    package let base: IPAddress
    /// How many leading bits an address must share with `base`.
    package let prefixLength: Int

    package var description: String { "\(base)/\(prefixLength)" }
}

extension CIDR: SettingValue {
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
