import StrictYAML

/// A route's `cors`, as it is written.
struct CORSDocument {
    let origins: [String]
    let allowsAnyOrigin: Bool
    let credentials: Bool
    /// Nil: those of the routes of this path.
    let methods: [Method]?
    let headers: [String]
    let exposed: [String]
    let maxAge: Duration

    /// Nil after a report.
    init?(_ node: YAMLNode, _ name: String, _ sink: DiagnosticSink) {
        let keys = ["origins", "methods", "headers", "expose", "credentials", "max_age"]
        let hints = ["origin": "write `origins: [https://app.example.com]`"]
        guard let reader = MappingReader(node, path: name, keys: keys, hints: hints, sink) else {
            return nil
        }
        let before = sink.count
        credentials = reader.bool("credentials") ?? false
        let advice = "write for example `origins: [https://app.example.com]`"
        let written = reader.required("origins", suggestion: advice)
        let texts = written?.locatedStrings(reader.name("origins"), sink) ?? []
        if case .sequence(let elements)? = written?.content, elements.isEmpty {
            sink.report(
                "empty_list", at: written?.position, "`\(reader.name("origins"))` names no origin",
                suggestion: "remove `cors` to let no page of another origin in")
        }
        let any = texts.first { $0.value == "*" }
        allowsAnyOrigin = any != nil
        origins = any != nil ? [] : texts.compactMap { OriginReader.read($0, sink) }
        methods = reader.node("methods").map { Self.methods($0, reader.name("methods"), sink) }
        headers = Self.fields("headers", reader, credentials: credentials, sink)
        exposed = Self.fields("expose", reader, credentials: credentials, sink)
        maxAge = Self.maxAge(reader, sink)
        if let any { Self.checkWildcard(any, texts, reader, credentials: credentials, sink) }
        Self.reportDuplicates(texts, "origin", sink)
        guard sink.count == before else { return nil }
    }

    /// Browsers refuse `*` for requests with credentials; a server that answers with the page's own
    /// origin instead opens the app to every page that its users visit.
    private static func checkWildcard(
        _ any: Located<String>, _ texts: [Located<String>], _ reader: MappingReader,
        credentials: Bool, _ sink: DiagnosticSink
    ) {
        if credentials {
            sink.report(
                "contradiction", at: any.position,
                "origin `*` with `credentials: true` would let every page of the web act as whoever "
                    + "visits it",
                suggestion: "name the origins, or remove `credentials`")
        }
        if texts.count > 1 {
            sink.report(
                "contradiction", at: any.position, "origin `*` makes the others pointless",
                suggestion: "write `origins: \"*\"` alone, or name origins")
        }
    }

    private static func methods(
        _ node: YAMLNode, _ name: String, _ sink: DiagnosticSink
    ) -> [Method] {
        let names = node.locatedStrings(name, sink)
        if case .sequence(let elements) = node.content, elements.isEmpty {
            sink.report(
                "empty_list", at: node.position, "`\(name)` names no method",
                suggestion: "remove it for the methods of the path's routes")
        }
        reportDuplicates(names, "method", sink)
        let known = Method.allCases.map(\.name).filter { $0 != "WEBSOCKET" }
        return names.compactMap { method in
            guard known.contains(method.value) else {
                sink.report(
                    "unknown_method", at: method.position, "unknown method `\(method.value)`",
                    suggestion: method.value == "*" || method.value == "ANY"
                        ? "name the methods" : didYouMean(method.value, in: known))
                return nil
            }
            return Method(name: method.value)
        }
    }

    /// Names of header fields; `*` is one only where there are no credentials (Fetch § 3.2.3).
    private static func fields(
        _ key: String, _ reader: MappingReader, credentials: Bool, _ sink: DiagnosticSink
    ) -> [String] {
        guard let node = reader.node(key) else { return [] }
        let names = node.locatedStrings(reader.name(key), sink)
        for name in names {
            if name.value == "*", credentials {
                sink.report(
                    "contradiction", at: name.position,
                    "`*` in `\(reader.name(key))` means nothing to browsers with `credentials: true`",
                    suggestion: "name the fields")
            } else if !HeaderName.isToken(name.value) {
                sink.report(
                    "bad_header_name", at: name.position, "`\(name.value)` is no header name",
                    suggestion: "use letters, digits and `-`, such as `X-Request-Kind`")
            }
        }
        reportDuplicates(
            names.map { Located(value: $0.value.lowercased(), position: $0.position) }, "header",
            sink)
        return names.map(\.value)
    }

    private static func maxAge(_ reader: MappingReader, _ sink: DiagnosticSink) -> Duration {
        guard let age = reader.duration("max_age", in: .zero ... .seconds(86_400)) else {
            return .seconds(5)
        }
        if age.components.attoseconds != 0 {
            sink.report(
                "wrong_value", at: reader.node("max_age")?.position,
                "`\(reader.name("max_age"))` must be whole seconds")
        }
        return age
    }

    private static func reportDuplicates(
        _ names: [Located<String>], _ kind: String, _ sink: DiagnosticSink
    ) {
        var seen: Set<String> = []
        for name in names where !seen.insert(name.value).inserted {
            sink.report("duplicate", at: name.position, "\(kind) `\(name.value)` is already named")
        }
    }
}
