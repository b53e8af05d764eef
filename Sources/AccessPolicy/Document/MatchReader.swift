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
        var segments: [PathPattern.Segment] = []
        var names: [String] = []
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            guard let segment = segment(String(part), isLast: isLast) else { return nil }
            if case .variable(let name) = segment {
                guard NameRule.variable.check(name, "variable", at: position, sink) else {
                    return nil
                }
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

        func segment(_ part: String, isLast: Bool) -> PathPattern.Segment? {
            if part == "*" { return .wildcard }
            if part == "**" {
                report("has `**` before its end", "use `*` for one segment")
                return nil
            }
            if part.hasPrefix("{"), part.hasSuffix("}") {
                let name = part.dropFirst().dropLast()
                if let colon = name.firstIndex(of: ":") {
                    report("has a typed variable", "write `{\(name[..<colon])}`")
                    return nil
                }
                return .variable(name: String(name))
            }
            if part.isEmpty, !isLast || matchesRest {
                report("has an empty segment, which no request can have", "remove a slash")
                return nil
            }
            return literal(part, isLast: isLast)
        }

        func literal(_ part: String, isLast: Bool) -> PathPattern.Segment? {
            if part.contains("{") || part.contains("}") || part.contains("*") {
                report(
                    "mixes text with `*` or `{…}` in segment `\(part)`",
                    "let `*` or `{name}` be a whole segment")
                return nil
            }
            if part.isEmpty { return .literal(decoded: []) }
            let path: CanonicalPath
            do {
                path = try CanonicalPath(parsing: Array("/\(part)\(isLast ? "" : "/")".utf8).span)
            } catch {
                report("cannot match any request: \(error.detail)", escapeHint(part))
                return nil
            }
            guard path.opaque.isEmpty else {
                report(
                    "holds an escaped delimiter in segment `\(part)`",
                    "let `*` or `{name}` stand for the segment")
                return nil
            }
            let canonical = String(decoding: path.bytes[path.segments[0]], as: UTF8.self)
            guard canonical == part else {
                report("must be in canonical form", "write `\(canonical)` for `\(part)`")
                return nil
            }
            return .literal(decoded: path.text(ofSegment: 0))
        }
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
