import StrictYAML

/// Reads a `match`: `GET|POST /users/{user}/**` or `ANY /path`.
enum MatchReader {
    static func read(
        _ match: Located<String>, _ sink: DiagnosticSink
    ) -> (MethodSet, PathPattern)? {
        let parts = match.value.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, parts[1].hasPrefix("/") else {
            sink.report(
                "bad_match", at: match.position,
                "`\(match.value)` is no match: methods, one space and a path are needed",
                suggestion: "write `GET /path`, `POST|PUT /path` or `ANY /path`")
            return nil
        }
        let methods = methods(parts[0], at: match.position, sink)
        let pattern = pattern(String(parts[1]), at: match.position, sink)
        guard let methods, let pattern else { return nil }
        return (methods, pattern)
    }

    private static func methods(
        _ text: Substring, at position: SourcePosition, _ sink: DiagnosticSink
    ) -> MethodSet? {
        if text == "ANY" { return .any }
        var methods: [Method] = []
        for name in text.split(separator: "|", omittingEmptySubsequences: false) {
            guard let method = Method(name: name) else {
                let suggestion =
                    switch name {
                    case "*": "write `ANY` for all methods"
                    case "ANY": "write `ANY` alone"
                    default: didYouMean(String(name), in: ["ANY"] + Method.allCases.map(\.name))
                    }
                sink.report(
                    "unknown_method", at: position, "unknown method `\(name)`",
                    suggestion: suggestion)
                return nil
            }
            if methods.contains(method) {
                sink.report("duplicate", at: position, "method `\(name)` is named twice")
            }
            methods.append(method)
        }
        return MethodSet(methods)
    }

    private static func pattern(
        _ text: String, at position: SourcePosition, _ sink: DiagnosticSink
    ) -> PathPattern? {
        var parts = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let matchesRest = parts.last == "**"
        if matchesRest { parts.removeLast() }
        guard parts.count <= CanonicalPath.maximumSegments else {
            report("has more than \(CanonicalPath.maximumSegments) segments", nil)
            return nil
        }
        let reader = SegmentPatternReader(pattern: text, position: position, sink: sink)
        var segments: [PathPattern.Segment] = []
        var names: [String] = []
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            if part.isEmpty, !isLast || matchesRest {
                report("has an empty segment, which no request can have", "remove a slash")
                return nil
            }
            guard let segment = reader.read(String(part), isLast: isLast) else { return nil }
            if let name = segment.variableName {
                guard !names.contains(name) else {
                    report("has two variables `\(name)`", "give each a name of its own")
                    return nil
                }
                names.append(name)
            }
            segments.append(segment)
        }
        return PathPattern(text: text, segments: segments, matchesRest: matchesRest)

        func report(_ problem: String, _ suggestion: String?) {
            sink.report(
                "bad_pattern", at: position, "pattern `\(text)` \(problem)", suggestion: suggestion)
        }
    }
}
