import StrictYAML

/// Makes the trie of all routes, and reports routes that tie.
enum RouteTable {
    static func compile(_ routes: [RouteDocument], _ sink: DiagnosticSink) -> RouteTrie {
        var builder = RouteTrieBuilder()
        for (number, route) in routes.enumerated() {
            builder.insert(route.pattern, methods: route.methods, route: number)
        }
        var reported: Set<[Int]> = []
        for tie in builder.ties {
            for later in tie.routes.dropFirst() {
                let pair = [tie.routes[0], later]
                guard reported.insert(pair).inserted else { continue }
                report(routes[pair[0]], routes[later], tie.method, routes, sink)
            }
        }
        return builder.build()
    }

    private static func report(
        _ first: RouteDocument, _ second: RouteDocument, _ method: Method,
        _ routes: [RouteDocument], _ sink: DiagnosticSink
    ) {
        let example = "\(method.name) \(examplePath(second.pattern, routes))"
        sink.report(
            "route_tie", at: second.id.position,
            "routes `\(first.id.value)` (\(first.id.position)) and `\(second.id.value)` are equally "
                + "specific, for example for `\(example)`",
            suggestion: "make one of them more specific, or merge them")
    }

    /// A path that selects the pattern: placeholders are words that no literal of the policy uses, so
    /// that no other route is more specific.
    private static func examplePath(_ pattern: PathPattern, _ routes: [RouteDocument]) -> String {
        var used: Set<[UInt8]> = []
        for case .literal(let decoded) in routes.flatMap(\.pattern.segments) {
            used.insert(decoded)
        }
        var counter = 0
        func placeholder() -> String {
            while true {
                counter += 1
                let word = counter == 1 ? "x" : "x\(counter)"
                if !used.contains(Array(word.utf8)) { return word }
            }
        }
        let written = pattern.text.dropFirst().split(
            separator: "/", omittingEmptySubsequences: false)
        var segments = zip(written, pattern.segments).map { text, segment in
            if case .literal = segment { String(text) } else { placeholder() }
        }
        if pattern.matchesRest { segments.append(placeholder()) }
        return "/" + segments.joined(separator: "/")
    }
}
