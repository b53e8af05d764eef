import StrictYAML

/// A value and where the file says it.
struct Located<Value: Sendable>: Sendable {
    let value: Value
    let position: SourcePosition
}

extension Located: Equatable where Value: Equatable {}

extension YAMLNode {
    /// Text with its place; nil after a report.
    func locatedString(_ name: String, _ sink: DiagnosticSink) -> Located<String>? {
        string(name, sink).map { Located(value: $0, position: position) }
    }

    /// A list of text, or a single text, each with its place. What is no text is reported and left
    /// out.
    func locatedStrings(_ name: String, _ sink: DiagnosticSink) -> [Located<String>] {
        switch content {
        case .scalar: return locatedString(name, sink).map { [$0] } ?? []
        case .sequence(let elements): return elements.compactMap { $0.locatedString(name, sink) }
        case .mapping:
            sink.report("wrong_type", at: position, "`\(name)` must be a list of text")
            return []
        }
    }
}
