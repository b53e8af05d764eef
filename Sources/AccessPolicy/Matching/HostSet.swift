/// The hosts that a policy answers for.
struct HostSet: Sendable {
    /// One entry of `hosts`, lower-case and without a trailing dot.
    struct Pattern: Sendable, Equatable {
        /// For `*.app.test`: `.app.test`.
        let text: [UInt8]
        let isWildcard: Bool
    }

    /// Empty: any host.
    let patterns: [Pattern]

    /// `host` is lower-cased, without port and trailing dot; an IPv6 address in brackets.
    func accepts(_ host: Span<UInt8>) -> Bool {
        if patterns.isEmpty { return true }
        for index in patterns.indices where matches(patterns[index], host) { return true }
        return false
    }

    /// A wildcard stands for one or more whole labels.
    private func matches(_ pattern: borrowing Pattern, _ host: Span<UInt8>) -> Bool {
        let text = pattern.text.span
        guard pattern.isWildcard ? host.count > text.count : host.count == text.count else {
            return false
        }
        let offset = host.count - text.count
        for index in text.indices where text[index] != host[offset + index] { return false }
        // `.app.test` must not be preceded by an empty label.
        return offset == 0 || host[offset - 1] != UInt8(ascii: ".")
    }
}
