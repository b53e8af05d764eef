import StrictYAML

/// Reads `hosts`, and a route's `host`.
enum HostReader {
    static func read(
        _ node: YAMLNode, _ key: String, _ sink: DiagnosticSink
    ) -> [Located<HostSet.Pattern>] {
        let names = node.locatedStrings(key, sink)
        if case .sequence(let elements) = node.content, elements.isEmpty {
            sink.report(
                "empty_list", at: node.position,
                "`\(key)` is empty, so no request would be answered",
                suggestion: "name a host, or remove `\(key)` to answer for any")
        }
        var patterns: [Located<HostSet.Pattern>] = []
        for name in names {
            guard let pattern = pattern(name, key, sink) else { continue }
            if patterns.contains(where: { $0.value == pattern }) {
                sink.report("duplicate", at: name.position, "host `\(name.value)` is already named")
            }
            patterns.append(Located(value: pattern, position: name.position))
        }
        return patterns
    }

    /// Whether the text is a host as requests name it: lower-case, an IPv6 address in brackets.
    static func isHost(_ text: Substring) -> Bool {
        guard text == text.lowercased() else { return false }
        let bytes = Array(text.utf8)
        return isAddress(bytes) || isName(bytes[...])
    }

    private static func pattern(
        _ name: Located<String>, _ key: String, _ sink: DiagnosticSink
    ) -> HostSet.Pattern? {
        var text = name.value.utf8.map(lowercased)
        if text.last == UInt8(ascii: ".") { text.removeLast() }
        if isAddress(text) { return .init(text: text, isWildcard: false) }
        if text.starts(with: "*.".utf8), isName(text.dropFirst(2)) {
            return .init(text: Array(text.dropFirst()), isWildcard: true)
        }
        if isName(text[...]) { return .init(text: text, isWildcard: false) }
        sink.report(
            "bad_host", at: name.position, "`\(name.value)` is no host",
            suggestion: suggestion(name.value, key))
        return nil
    }

    private static func suggestion(_ text: String, _ key: String) -> String {
        if text == "*" { return "remove `\(key)` to answer for any host" }
        if text.contains("://") { return "write the host alone, without a scheme" }
        if text.filter({ $0 == ":" }).count > 1 {
            return "write an IPv6 address in brackets, quoted"
        }
        if text.contains(":") { return "leave out the port" }
        if text.contains("*") { return "write `*.` in front of a whole domain" }
        if !text.utf8.allSatisfy({ $0 < 0x80 }) { return "write the ASCII form, `xn--…`" }
        return "write a name such as `app.test` or `*.app.test`"
    }

    /// Dot-separated labels of letters, digits, `-` and `_`; an IPv4 address is one, too.
    private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
        guard !text.isEmpty, text.count <= 253 else { return false }
        return text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy
        {
            label in
            !label.isEmpty && label.count <= 63
                && label.allSatisfy {
                    isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
                }
        }
    }

    private static func isAddress(_ text: [UInt8]) -> Bool {
        guard text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]"), text.count > 4 else {
            return false
        }
        let inner = text.dropFirst().dropLast()
        return inner.allSatisfy(isAddressByte) && inner.contains(UInt8(ascii: ":"))
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        PathByte.hexValue(byte) != nil || byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".")
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
