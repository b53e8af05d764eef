import AccessPolicy
import TestSupport
import Testing

/// Compares route selection with a matcher that looks at every route, segment by segment.
@Suite struct ReferenceMatcherTests {
    private struct Reference {
        let id: String
        let methods: [String]
        let isAny: Bool
        let segments: [String]

        init(id: String, match: String) {
            self.id = id
            let parts = match.split(separator: " ")
            isAny = parts[0] == "ANY"
            methods = parts[0].split(separator: "|").map(String.init)
            segments = parts[1].dropFirst().split(separator: "/", omittingEmptySubsequences: false)
                .map(String.init)
        }

        /// What makes it better than others, best first; nil where it does not match.
        func rank(_ method: String, _ path: [String]) -> [Int]? {
            let named = methods.contains(method) || (method == "HEAD" && methods.contains("GET"))
            guard named || isAny, let rank = Self.rank(segments[...], path[...]) else { return nil }
            return rank + [isAny ? 1 : 0]
        }

        private static func rank(_ pattern: ArraySlice<String>, _ path: ArraySlice<String>)
            -> [Int]?
        {
            guard let first = pattern.first else { return path.isEmpty ? [-1] : nil }
            if first == "**" { return [3] }
            guard let segment = path.first else { return nil }
            let kind: Int
            if first == "*" || first.hasPrefix("{") {
                guard !segment.isEmpty else { return nil }
                kind = first == "*" ? 2 : 1
            } else {
                guard first == segment else { return nil }
                kind = 0
            }
            return rank(pattern.dropFirst(), path.dropFirst()).map { [kind] + $0 }
        }
    }

    @Test("the selected route is the best of all routes that match")
    func selection() throws {
        var generator = SeededGenerator(for: "selection")
        var compared = 0
        var hits = 0
        while compared < 400 {
            let references = Self.randomRoutes(&generator)
            let routes = references.map { "{id: \($0.0), match: \"\($0.1)\"}" }
            let text = policyText(routes: routes.joined(separator: "\n"))
            // Policies with a tie are of no use here.
            guard let policy = try? load(text) else { continue }
            compared += 1
            let models = references.map { Reference(id: $0.0, match: $0.1) }
            for _ in 0..<50 {
                let method = generator.pick(["GET", "HEAD", "POST", "DELETE"])
                let path = Self.randomPath(&generator)
                let segments = path.dropFirst().split(
                    separator: "/", omittingEmptySubsequences: false
                ).map(String.init)
                let ranked = models.compactMap { model in
                    model.rank(method, segments).map { (model.id, $0) }
                }
                let best = ranked.min { $0.1.lexicographicallyPrecedes($1.1) }
                let selected = try policy.routeID("\(method) \(path)")
                try #require(selected == best?.0, "\(method) \(path) in\n\(text)")
                if selected != nil { hits += 1 }
            }
        }
        #expect(hits > 1000)
    }

    private static func randomRoutes(_ generator: inout SeededGenerator) -> [(String, String)] {
        (0..<Int.random(in: 1...8, using: &generator)).map { number in
            var segments: [String] = []
            for depth in 0..<Int.random(in: 0...3, using: &generator) {
                segments.append(generator.pick(["a", "b", "c", "{v\(depth)}", "*"]))
            }
            if Bool.random(using: &generator) { segments.append("**") }
            if segments.isEmpty { segments.append("") }
            let methods = generator.pick(["GET", "POST", "ANY", "GET|POST", "DELETE", "HEAD"])
            return ("r\(number)", "\(methods) /\(segments.joined(separator: "/"))")
        }
    }

    private static func randomPath(_ generator: inout SeededGenerator) -> String {
        var path = ""
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            path += "/" + generator.pick(["a", "b", "c", "d"])
        }
        return path.isEmpty || Int.random(in: 0..<5, using: &generator) == 0 ? path + "/" : path
    }
}
