internal import AccessPolicy

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
        guard let range = CIDR(base: address, prefixLength: prefix) else {
            throw SettingProblem(
                message: "must not have bits after the prefix, as `\(text)` has",
                suggestion: "did you mean `\(address.masked(to: prefix))/\(prefix)`?")
        }
        self = range
    }
}
