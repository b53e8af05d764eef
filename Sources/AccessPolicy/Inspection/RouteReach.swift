/// Whether requests come to a route at all.
extension PolicySet {
    /// The routes that take all the requests of a route, so that it is never selected.
    ///
    /// Asked are requests that have as little in common with other patterns as can be: whatever takes
    /// each of these takes all.
    ///
    /// - Returns: nil when the route is selected for some request, or when no such request was found.
    package func takers(of route: Route) -> [Route]? {
        var takers: [Route] = []
        var asked = 0
        for path in samplePaths(of: route) {
            guard
                let canonical = try? CanonicalPath(
                    parsing: Array(path.utf8).span, relaxations: relaxations)
            else { continue }
            for host in sampleHosts(of: route) {
                for method in Method.allCases where route.isFor(method) {
                    asked += 1
                    let bytes = Array(host.utf8)
                    guard
                        let selection = try? select(method, host: bytes.span, path: canonical),
                        let taker = selection.route
                    else { return nil }
                    if taker === route { return nil }
                    if !takers.contains(where: { $0 === taker }) { takers.append(taker) }
                }
            }
        }
        return asked == 0 ? nil : takers
    }

    /// A request that comes to the route, for messages: `POST /upload/x`; nil where none was found.
    package func sampleRequest(of route: Route) -> String? {
        samplePaths(of: route).first.map { path in
            "\(route.namedMethods.first?.name ?? "GET") \(path)"
        }
    }

    private func samplePaths(of route: Route) -> [String] {
        let pattern = route.pattern
        var literals: Set<[UInt8]> = []
        for case .literal(let text) in routes.flatMap(\.pattern.segments) { literals.insert(text) }
        let written = pattern.text.dropFirst().split(
            separator: "/", omittingEmptySubsequences: false)
        // A tilde is in no type, and texts with it are hardly ever literals.
        func fresh(_ sample: (Int) -> String) -> String? {
            (0..<512).lazy.map(sample).first { !literals.contains(Array($0.utf8)) }
        }
        var prefixes = [""]
        for (text, segment) in zip(written, pattern.segments) {
            let choices: [String] =
                switch segment {
                case .literal: [String(text)]
                case .suffix(let suffix):
                    [fresh { "~\(SampleText.word($0))" + String(decoding: suffix, as: UTF8.self) }]
                        .compactMap { $0 }
                case .typed(_, let type):
                    TextClass.allCases.filter(type.accepts).compactMap { textClass in
                        fresh { SampleText.sample(of: textClass, $0) }
                    }
                case .variable, .wildcard: [fresh { "~\(SampleText.word($0))" }].compactMap { $0 }
                }
            prefixes = prefixes.flatMap { prefix in choices.map { "\(prefix)/\($0)" } }
            if prefixes.count > 64 { prefixes = Array(prefixes.prefix(64)) }
        }
        guard pattern.matchesRest else { return prefixes }
        let depth = routes.map(\.pattern.segments.count).max() ?? 0
        let word = fresh { "~\(SampleText.word($0))" } ?? "~"
        let rests = (0...depth + 2).flatMap { count in
            let rest = String(repeating: "/\(word)", count: count)
            return [rest, rest + "/"]
        }
        return prefixes.flatMap { prefix in rests.map { prefix + $0 } }.filter { !$0.isEmpty }
    }

    private func sampleHosts(of route: Route) -> [String] {
        let patterns = route.hosts.patterns.isEmpty ? hosts.patterns : route.hosts.patterns
        let names = patterns.map { pattern in
            (pattern.isWildcard ? "~x" : "") + String(decoding: pattern.text, as: UTF8.self)
        }
        // A name that no route names: top-level domains are not numbers.
        return names.isEmpty ? ["host.0"] : names
    }
}
