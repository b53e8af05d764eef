import StrictYAML

/// Reads one segment of a pattern.
struct SegmentPatternReader {
    /// The whole of it, for messages.
    let pattern: String
    let position: SourcePosition
    let sink: DiagnosticSink

    /// Nil after a report. `isLast`: whether nothing follows, which decides what may be empty.
    func read(_ part: String, isLast: Bool) -> PathPattern.Segment? {
        if part == "*" { return .wildcard }
        if part == "**" {
            report("has `**` before its end", "use `*` for one segment")
            return nil
        }
        if part.hasPrefix("{"), part.hasSuffix("}") {
            return variable(part.dropFirst().dropLast())
        }
        if part.hasPrefix("*"), !part.dropFirst().contains(where: "*{}".contains) {
            return suffix(String(part.dropFirst()))
        }
        if part.contains(where: "*{}".contains) {
            report(
                "mixes text with `*` or `{…}` in segment `\(part)`",
                "let `*` or `{name}` be a whole segment, or write `*` in front, as in `*.png`")
            return nil
        }
        return literal(part, isLast: isLast)
    }

    private func variable(_ text: Substring) -> PathPattern.Segment? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard NameRule.variable.check(name, "variable", at: position, sink) else { return nil }
        guard parts.count == 2 else { return .variable(name: name) }
        guard let type = VariableType(rawValue: String(parts[1])) else {
            report(
                "has a variable of the unknown type `\(parts[1])`",
                didYouMean(String(parts[1]), in: VariableType.allCases.map(\.rawValue)))
            return nil
        }
        return .typed(name: name, type)
    }

    private func literal(_ part: String, isLast: Bool) -> PathPattern.Segment? {
        if part.isEmpty { return .literal(decoded: []) }
        guard let decoded = decoded(part, before: "", after: isLast ? "" : "/") else { return nil }
        guard !PathPattern.folded(decoded).isEmpty else {
            report(
                "has the segment `\(part)`, of which nothing is left for servers that drop dots and "
                    + "spaces at the end", "let `*` or `{name}` stand for the segment")
            return nil
        }
        return .literal(decoded: decoded)
    }

    private func suffix(_ part: String) -> PathPattern.Segment? {
        guard let decoded = decoded(part, before: "x", after: "") else { return nil }
        let folded = PathPattern.folded(decoded)
        guard folded.count == decoded.count else {
            report(
                "has the suffix `*\(part)`, which servers do not see that drop `;…`, and dots and "
                    + "spaces at the end", nil)
            return nil
        }
        return .suffix(decoded)
    }

    /// What `part` decodes to, when it is a part of a canonical segment.
    private func decoded(_ part: String, before: String, after: String) -> [UInt8]? {
        let path: CanonicalPath
        do {
            path = try CanonicalPath(parsing: Array("/\(before)\(part)\(after)".utf8).span)
        } catch {
            report("cannot match any request: \(error.detail)", Self.escapeHint(part))
            return nil
        }
        guard path.opaque.isEmpty else {
            report(
                "holds an escaped delimiter in segment `\(part)`",
                "let `*` or `{name}` stand for the segment")
            return nil
        }
        let bytes = path.bytes[path.segments[0]].dropFirst(before.utf8.count)
        let canonical = String(decoding: bytes, as: UTF8.self)
        guard canonical == part else {
            report("must be in canonical form", "write `\(canonical)` for `\(part)`")
            return nil
        }
        return Array(path.text(ofSegment: 0).dropFirst(before.utf8.count))
    }

    private func report(_ problem: String, _ suggestion: String?) {
        sink.report(
            "bad_pattern", at: position, "pattern `\(pattern)` \(problem)", suggestion: suggestion)
    }

    /// The escaped form of text that must not stand raw in a path.
    private static func escapeHint(_ part: String) -> String? {
        guard part.utf8.contains(where: { $0 >= 0x80 }) else {
            return part.contains("?") ? "leave out the query, which is never matched" : nil
        }
        var escaped: [UInt8] = []
        for byte in part.utf8 {
            if byte < 0x80 {
                escaped.append(byte)
            } else {
                escaped += [
                    UInt8(ascii: "%"), PathByte.hexDigit(byte >> 4), PathByte.hexDigit(byte & 15),
                ]
            }
        }
        return "write `\(String(decoding: escaped, as: UTF8.self))` for `\(part)`"
    }
}
