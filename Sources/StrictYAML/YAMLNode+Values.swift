/// Typed readings of a node. Each returns nil after one report to the sink; `name` is what the
/// message calls the value, for example `limits.head`.
extension YAMLNode {
    /// Text. Plain `no`, `on`, `~` and the like are refused: see ``YAMLScalar/isAmbiguous``.
    package func string(_ name: String, _ sink: DiagnosticSink) -> String? {
        guard let scalar = scalar(name, expected: "text", sink) else { return nil }
        if scalar.isAmbiguous {
            sink.report(
                "ambiguous_text", at: position,
                "`\(name)` must be text, but `\(scalar.text)` can be read as a boolean or null",
                suggestion: "quote it: \"\(scalar.text)\"")
            return nil
        }
        return scalar.text
    }

    /// `true` or `false`, without quotes.
    package func bool(_ name: String, _ sink: DiagnosticSink) -> Bool? {
        guard let scalar = scalar(name, expected: "`true` or `false`", sink) else { return nil }
        switch (scalar.isPlain, scalar.text) {
        case (true, "true"): return true
        case (true, "false"): return false
        default:
            report(
                "must be `true` or `false`", name, scalar, sink,
                suggestion: Self.meant[scalar.text.lowercased()].map { "write `\($0)`" })
            return nil
        }
    }

    /// A decimal integer without quotes and within `range`.
    package func int(
        _ name: String, in range: ClosedRange<Int> = .min ... .max, _ sink: DiagnosticSink
    ) -> Int? {
        guard let scalar = scalar(name, expected: "a whole number", sink) else { return nil }
        guard scalar.isPlain, let value = Quantity.integer(scalar.text) else {
            let value = Quantity.integer(scalar.text)
            report(
                "must be a whole number", name, scalar, sink,
                suggestion: value == nil ? NumberTrap.advice(scalar.text) : "remove the quotes")
            return nil
        }
        guard range.contains(value) else {
            report("must be \(Self.words(range))", name, scalar, sink)
            return nil
        }
        return value
    }

    /// A length of time within `range`: see `Quantity.duration`.
    package func duration(
        _ name: String, in range: ClosedRange<Duration>? = nil, _ sink: DiagnosticSink
    ) -> Duration? {
        guard let scalar = scalar(name, expected: "a length of time", sink) else { return nil }
        guard let value = Quantity.duration(scalar.text) else {
            report(
                "must be a length of time such as `500ms`, `10s`, `2m`, `24h` or `7d`", name,
                scalar, sink, suggestion: Self.timeAdvice(scalar.text))
            return nil
        }
        if let range, !range.contains(value) {
            let lower = Quantity.describe(range.lowerBound)
            let upper = Quantity.describe(range.upperBound)
            report("must be between `\(lower)` and `\(upper)`", name, scalar, sink)
            return nil
        }
        return value
    }

    /// A number of bytes within `range`: see `Quantity.byteCount`.
    package func byteCount(
        _ name: String, in range: ClosedRange<Int> = 0 ... .max, _ sink: DiagnosticSink
    ) -> Int? {
        guard let scalar = scalar(name, expected: "a size", sink) else { return nil }
        guard let value = Quantity.byteCount(scalar.text) else {
            report("must be a size such as `16KiB`, `32MiB` or `65536`", name, scalar, sink)
            return nil
        }
        guard range.contains(value) else {
            let lower = Quantity.describe(bytes: range.lowerBound)
            let upper = Quantity.describe(bytes: range.upperBound)
            report("must be between `\(lower)` and `\(upper)`", name, scalar, sink)
            return nil
        }
        return value
    }

    /// One of a few words.
    package func choice(
        _ name: String, of choices: [String], _ sink: DiagnosticSink
    ) -> String? {
        let list = choices.map { "`\($0)`" }.joined(separator: ", ")
        guard let scalar = scalar(name, expected: "one of \(list)", sink) else { return nil }
        guard choices.contains(scalar.text) else {
            let near = nearest(scalar.text, in: choices)
            sink.report(
                "wrong_value", at: position,
                "`\(name)` must be one of \(list), not `\(scalar.text)`",
                suggestion: near.map { "did you mean `\($0)`?" })
            return nil
        }
        return scalar.text
    }

    /// A list of text; one single value counts as a list of one.
    package func strings(_ name: String, _ sink: DiagnosticSink) -> [String]? {
        switch content {
        case .scalar:
            return string(name, sink).map { [$0] }
        case .sequence(let elements):
            let texts = elements.compactMap { $0.string(name, sink) }
            return texts.count == elements.count ? texts : nil
        case .mapping:
            sink.report("wrong_type", at: position, "`\(name)` must be a list of text")
            return nil
        }
    }

    /// The elements of a list of anything.
    package func elements(_ name: String, _ sink: DiagnosticSink) -> [YAMLNode]? {
        guard case .sequence(let elements) = content else {
            sink.report(
                "wrong_type", at: position, "`\(name)` must be a list, not \(kind)",
                suggestion: "write `[…]` or lines that start with `- `")
            return nil
        }
        return elements
    }

    /// The entries of a mapping whose keys are names that the user chooses.
    package func entries(_ name: String, _ sink: DiagnosticSink) -> [YAMLEntry]? {
        guard case .mapping(let entries) = content else {
            sink.report(
                "wrong_type", at: position, "`\(name)` must be a mapping, not \(kind)",
                suggestion: "write `{name: …}` or indented lines `name: …`")
            return nil
        }
        return entries
    }

    private func scalar(
        _ name: String, expected: String, _ sink: DiagnosticSink
    ) -> YAMLScalar? {
        guard case .scalar(let scalar) = content else {
            sink.report(
                "wrong_type", at: position, "`\(name)` must be \(expected), not \(kind)")
            return nil
        }
        if scalar.isAbsent {
            sink.report(
                "missing_value", at: position, "`\(name)` has no value",
                suggestion: "write \(expected), or remove the key")
            return nil
        }
        return scalar
    }

    private func report(
        _ rule: String, _ name: String, _ scalar: YAMLScalar, _ sink: DiagnosticSink,
        suggestion: String? = nil
    ) {
        let shown = scalar.isPlain ? "`\(scalar.text)`" : "`\"\(scalar.text)\"`"
        sink.report(
            "wrong_value", at: position, "`\(name)` \(rule), not \(shown)", suggestion: suggestion)
    }

    /// `30` and `1:30` are lengths of time to a person.
    private static func timeAdvice(_ text: String) -> String? {
        if let number = Quantity.integer(text), number >= 0 {
            return "add the unit, for example `\(number)s`"
        }
        return text.contains(":") ? "write one number and its unit, for example `90s`" : nil
    }

    /// What words mean that are booleans to some readers of YAML, or to people.
    private static let meant = [
        "true": "true", "yes": "true", "on": "true", "false": "false", "no": "false",
        "off": "false",
    ]

    private static func words(_ range: ClosedRange<Int>) -> String {
        if range.upperBound == .max { return "\(range.lowerBound) or more" }
        if range.lowerBound == .min { return "\(range.upperBound) or less" }
        return "between \(range.lowerBound) and \(range.upperBound)"
    }
}
