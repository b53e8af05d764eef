import AccessPolicy
import TestSupport
import Testing

/// Compares selection and the search for ties with a matcher that looks at every route.
@Suite struct ReferenceMatcherTests {
    private struct Request {
        let method: String
        let host: String
        let path: String
    }

    @Test("the selected routes are the best of all that match, in both views; ties are load errors")
    func selection() throws {
        var generator = SeededGenerator(for: "selection")
        var tally = Tally()
        // A hundredth of a long run.
        for _ in 0..<propertyRounds(100) {
            let routes = Self.randomRoutes(&generator)
            let text = policyText(routes: routes.map(\.text).joined(separator: "\n"))
            let requests = (0..<60).map { _ in Self.randomRequest(&generator) }
            let found = errors(text)
            if found.isEmpty {
                let policy = try load(text)
                let shuffled = try load(
                    policyText(
                        routes: routes.shuffled(using: &generator).map(\.text)
                            .joined(separator: "\n")))
                for request in requests {
                    try checkRereading(policy, request)
                    try compare(policy, with: routes, on: request, text, &tally)
                    let context = Comment(rawValue: "\(request) in\n\(text)")
                    try #require(
                        try ids(policy, request) == ids(shuffled, request), context)
                }
            } else {
                try check(found, routes, requests, text, &tally)
            }
        }
        // That each kind was met at all. Of about seventeen ties, ten or fewer happen once in twenty runs,
        // two or fewer in none.
        #expect(tally.routes > 100 && tally.differing > 10 && tally.ties > 2)
    }

    private struct Tally {
        var routes = 0
        var differing = 0
        var groups = 0
        var ties = 0
    }

    /// What a selection is, without regard to numbers.
    private func ids(_ policy: PolicySet, _ request: Request) throws -> [String] {
        let (selection, _) = try select(policy, request)
        guard let selection else { return ["refused"] }
        return [
            selection.route?.id ?? "none", String(selection.isOneView), selection.auth.rawValue,
        ]
            + folded(selection, policy).sorted()
    }

    private func folded(_ selection: RouteSelection, _ policy: PolicySet) -> [String] {
        (selection.foldedRoute.map { [$0.id] } ?? [])
            + (0..<selection.furtherFoldedCount).map {
                policy.furtherFoldedRoute($0, of: selection).id
            }
    }

    private func select(
        _ policy: PolicySet, _ request: Request
    ) throws -> (RouteSelection?, CanonicalPath) {
        let path = try parse(request.path)
        let method = try #require(Method(name: request.method))
        let host = Array(request.host.utf8)
        do throws(TargetRejection) {
            return (try policy.select(method, host: host.span, path: path), path)
        } catch {
            #expect(error == .forbiddenEscape)
            return (nil, path)
        }
    }

    /// What is forwarded is the canonical path: whoever reads that selects the same routes, and would
    /// forward the same again.
    private func checkRereading(_ policy: PolicySet, _ request: Request) throws {
        let path = try parse(request.path)
        let forwarded = Request(
            method: request.method, host: request.host, path: path.description)
        try #require(try parse(forwarded.path) == path)
        try #require(try ids(policy, forwarded) == ids(policy, request), "\(request)")
    }

    private func compare(
        _ policy: PolicySet, with routes: [ReferenceRoute], on request: Request, _ text: String,
        _ tally: inout Tally
    ) throws {
        let context = Comment(rawValue: "\(request) in\n\(text)")
        let (selection, path) = try select(policy, request)
        let sent = path.segments.map { NaiveFolding.decode(Array(path.bytes[$0])) }
        let bestSent = best(routes) { $0.rank(request.method, request.host, sent) }
        try #require(bestSent.count < 2, context)

        let segments = try #require(NaiveFolding.segments(path.bytes))
        let ranked = routes.compactMap { route in
            route.foldedRank(request.method, request.host, segments).map { (route, $0) }
        }
        let place = ranked.map(\.1).min()?.place
        // Of each spelling, what would be selected for it.
        let spellings = Dictionary(grouping: ranked.filter { $0.1.place == place }) {
            $0.0.spelling
        }
        var bestFolded = spellings.values.compactMap { members in
            members.min { $0.1 < $1.1 }?.0.id
        }
        let isAligned = Self.isAligned(sent, segments)
        if let own = bestSent.first, isAligned, bestFolded.contains(own.id) {
            bestFolded = [own.id]
        }

        guard let selection else {
            // Every route here allows these three.
            let isAllowed = path.opaque.isSubset(of: [.slash, .percent, .semicolon])
            try #require(!isAllowed || bestSent.isEmpty || bestFolded.isEmpty, context)
            return
        }
        try #require(selection.route?.id == bestSent.first?.id, context)
        try #require(folded(selection, policy).sorted() == bestFolded.sorted(), context)
        let isOne = bestFolded == bestSent.map(\.id)
        let variables = isOne ? bestSent.first?.bindings ?? [] : []
        let bindSame = variables.allSatisfy { sent[$0] == segments[$0] }
        try #require(selection.isOneView == (isOne && bindSame), context)

        if selection.route != nil { tally.routes += 1 }
        if !selection.isOneView { tally.differing += 1 }
        if selection.furtherFoldedCount > 0 { tally.groups += 1 }
    }

    /// Every pair that ties on one of the requests is reported, and every reported example is a request
    /// on which both routes are the best.
    private func check(
        _ found: [String], _ routes: [ReferenceRoute], _ requests: [Request], _ text: String,
        _ tally: inout Tally
    ) throws {
        var reported: Set<[String]> = []
        for message in found {
            let context = Comment(rawValue: "\(message) in\n\(text)")
            let quoted = message.split(separator: "`", omittingEmptySubsequences: false)
                .enumerated()
                .filter { $0.offset % 2 == 1 }.map { String($0.element) }
            try #require(quoted.count >= 3, context)
            let request = quoted[2].split(separator: " ").map(String.init)
            let path = try parse(request[1])
            let sent = path.segments.map { NaiveFolding.decode(Array(path.bytes[$0])) }
            let host = quoted.count > 3 ? quoted[3] : "any.test"
            let winners = best(routes) { $0.rank(request[0], host, sent) }.map(\.id)
            try #require(winners.contains(quoted[0]) && winners.contains(quoted[1]), context)
            reported.insert([quoted[0], quoted[1]])
            tally.ties += 1
        }
        for request in requests {
            let path = try parse(request.path)
            let sent = path.segments.map { NaiveFolding.decode(Array(path.bytes[$0])) }
            let winners = best(routes) { $0.rank(request.method, request.host, sent) }
            for other in winners.dropFirst() {
                let context = Comment(rawValue: "\(request) in\n\(text)\n\(found)")
                try #require(reported.contains([winners[0].id, other.id]), context)
            }
        }
    }

    private func best(
        _ routes: [ReferenceRoute], _ rank: (ReferenceRoute) -> ReferenceRoute.Rank?
    ) -> [ReferenceRoute] {
        let ranked = routes.compactMap { route in rank(route).map { (route, $0) } }
        let first = ranked.map(\.1).min()
        return ranked.filter { $0.1 == first }.map(\.0)
    }

    /// Whether each segment, folded alone, is the folded segment in its place.
    private static func isAligned(_ sent: [[UInt8]], _ folded: [[UInt8]]) -> Bool {
        let named = sent.last == [] ? sent.dropLast() : sent[...]
        guard named.count == folded.count else { return false }
        return zip(named, folded).allSatisfy { text, folded in
            // The encoded form of a decoded text would do; `%` alone is what decoding looks at.
            var whole = text
            while NaiveFolding.decode(whole) != whole { whole = NaiveFolding.decode(whole) }
            return !whole.contains(UInt8(ascii: "/")) && !whole.contains(UInt8(ascii: "\\"))
                && NaiveFolding.segments([UInt8(ascii: "/")] + text) == [folded]
        }
    }

    private static func randomRoutes(_ generator: inout SeededGenerator) -> [ReferenceRoute] {
        let named = Int.random(in: 0..<4, using: &generator) == 0
        // Few kinds of segments in one policy, so that patterns meet.
        let kinds = (0..<Int.random(in: 2...8, using: &generator)).map { _ in
            generator.pick([
                "a", "A", "b", "b.", "a;p", "c.x", "1", "*.x", "*.X", "*x", "*", "*", "{v}", "{v}",
                "{v:int}", "{v:hex}", "{v:slug}", "{v:uuid}", "{v:date}",
            ])
        }
        return (0..<Int.random(in: 1...8, using: &generator)).map { number in
            var segments: [String] = []
            for depth in 0..<Int.random(in: 0...3, using: &generator) {
                segments.append(generator.pick(kinds).replacing("v", with: "v\(depth)"))
            }
            switch Int.random(in: 0..<6, using: &generator) {
            case 0, 1: segments.append("**")
            case 2: segments.append("")
            default: if segments.isEmpty { segments.append("") }
            }
            let methods = generator.pick([
                "GET", "GET", "POST", "ANY", "GET|POST", "HEAD", "WEBSOCKET",
            ])
            return ReferenceRoute(
                id: "r\(number)", match: "\(methods) /\(segments.joined(separator: "/"))",
                host: named ? generator.pick([nil, nil, "h.test", "*.test", "*.h.test"]) : nil)
        }
    }

    private static func randomRequest(_ generator: inout SeededGenerator) -> Request {
        var path = ""
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            path +=
                "/"
                + generator.pick([
                    "a", "a", "A", "b", "b", "B", "b.", "a;p", "a;q", "c.x", "c.X", "z.x", "1",
                    "12",
                    "f1", "a-b", "2024-02-29", "2023-02-29", "123e4567-e89b-12d3-a456-42661417400A",
                    "~t", "%20t", "a%2Fb", "..%2Fa", "%252E%252E%2Fa", "a%3Bp", "%3A", "%2541",
                    "%2561",
                ])
        }
        if path.isEmpty || Int.random(in: 0..<6, using: &generator) == 0 { path += "/" }
        return Request(
            method: generator.pick(["GET", "HEAD", "POST", "DELETE", "WEBSOCKET"]),
            host: generator.pick(["h.test", "a.h.test", "x.test", "other"]), path: path)
    }
}
