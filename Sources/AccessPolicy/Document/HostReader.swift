import StrictYAML

/// Reads `hosts`.
enum HostReader {
    static func read(_ node: YAMLNode, _ sink: DiagnosticSink) -> [HostSet.Pattern] {
        let names = node.locatedStrings("hosts", sink)
        if case .sequence(let elements) = node.content, elements.isEmpty {
            sink.report(
                "empty_list", at: node.position,
                "`hosts` is empty, so no request would be answered",
                suggestion: "name a host, or remove `hosts` to answer for any")
        }
        var patterns: [HostSet.Pattern] = []
        for name in names {
            guard let pattern = pattern(name, sink) else { continue }
            if patterns.contains(pattern) {
                sink.report("duplicate", at: name.position, "host `\(name.value)` is already named")
            }
            patterns.append(pattern)
        }
        return patterns
    }

    private static func pattern(
        _ name: Located<String>, _ sink: DiagnosticSink
    ) -> HostSet.Pattern? {
        var text = name.value.utf8.map(lowercased)
        if text.last == UInt8(ascii: ".") { text.removeLast() }
        if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]"), text.count > 4 {
            let inner = text.dropFirst().dropLast()
            if inner.allSatisfy(isAddressByte), inner.contains(UInt8(ascii: ":")) {
                return .init(text: text, isWildcard: false)
            }
        }
        if text.starts(with: "*.".utf8), isName(text.dropFirst(2)) {
            return .init(text: Array(text.dropFirst()), isWildcard: true)
        }
        if isName(text[...]) { return .init(text: text, isWildcard: false) }
        sink.report(
            "bad_host", at: name.position, "`\(name.value)` is no host",
            suggestion: suggestion(name.value))
        return nil
    }

    private static func suggestion(_ text: String) -> String {
        if text == "*" { return "remove `hosts` to answer for any host" }
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
