import StrictYAML

/// Makes the trie of all routes, and reports routes that tie.
struct RouteTable {
    private let routes: [Route]
    private let hosts: RouteHosts

    /// There is no tie on a request for a host that is not `accepted`.
    static func compile(
        _ routes: [Route], accepted: HostSet, _ sink: DiagnosticSink
    ) -> RouteTrie {
        let table = RouteTable(routes)
        let (trie, crowds) = table.trie()
        table.report(crowds, in: trie, accepted, sink)
        return trie
    }

    private init(_ routes: [Route]) {
        self.routes = routes
        hosts = RouteHosts(routes.flatMap(\.hosts.patterns))
    }

    private func trie() -> (RouteTrie, [(host: Int, crowd: PatternTreeBuilder.Crowd)]) {
        var sent = PatternTreeBuilder(.asSent)
        var folded = PatternTreeBuilder(.folded)
        let isFolded = routes.allSatisfy(\.pattern.isFolded)
        let claimants = claimants()
        var (sentRoots, foldedRoots): ([Int32], [Int32]) = ([], [])
        var crowds: [(Int, PatternTreeBuilder.Crowd)] = []
        for (host, numbers) in claimants.enumerated() {
            let known = sent.crowds.count
            sentRoots.append(sent.addTree(numbers.map { claim($0, \.segments) }))
            crowds += sent.crowds[known...].map { (host, $0) }
            if !isFolded {
                foldedRoots.append(folded.addTree(numbers.map { claim($0, \.foldedSegments) }))
            }
        }
        let trie = RouteTrie(
            hosts: hosts, sent: sent.build(), folded: isFolded ? nil : folded.build(),
            sentRoots: sentRoots, foldedRoots: isFolded ? sentRoots : foldedRoots,
            groups: folded.groups, groupRanges: folded.groupRanges)
        return (trie, crowds)
    }

    /// The numbers of the routes in the tree of each host.
    private func claimants() -> [[Int]] {
        var claimants = [[Int]](repeating: [], count: hosts.count)
        for (number, route) in routes.enumerated() {
            if route.hosts.patterns.isEmpty { claimants[hosts.count - 1].append(number) }
            for host in Set(route.hosts.patterns.compactMap(hosts.number)) {
                claimants[host].append(number)
            }
        }
        return claimants
    }

    private func claim(
        _ number: Int, _ segments: (PathPattern) -> [PathPattern.Segment]
    ) -> PatternTreeBuilder.Claim {
        let route = routes[number]
        return PatternTreeBuilder.Claim(
            route: number, pattern: route.pattern, methods: route.methods,
            segments: segments(route.pattern))
    }

    /// Two routes tie where a request meets both and none that is more specific. Each pair is
    /// reported once.
    private func report(
        _ crowds: [(host: Int, crowd: PatternTreeBuilder.Crowd)], in trie: RouteTrie,
        _ accepted: HostSet, _ sink: DiagnosticSink
    ) {
        guard !crowds.isEmpty else { return }
        let search = WitnessSearch(trie: trie, routes: routes, accepted: accepted)
        var reported: Set<[Int]> = []
        for (host, crowd) in crowds {
            let first = crowd.routes[0]
            let later = crowd.routes.dropFirst().filter { !reported.contains([first, $0]) }
            guard !later.isEmpty, let witness = search.witness(for: crowd, host: host) else {
                continue
            }
            for other in later {
                reported.insert([first, other])
                report(routes[first], routes[other], witness, sink)
            }
        }
    }

    private func report(
        _ first: Route, _ second: Route, _ witness: Witness, _ sink: DiagnosticSink
    ) {
        sink.report(
            "route_tie", at: second.position,
            "routes `\(first.id)` (\(first.position)) and `\(second.id)` are equally specific, for "
                + "example for `\(witness.method.name) \(witness.path)`"
                + (witness.host.map { " on host `\($0)`" } ?? ""),
            suggestion: "make one of them more specific, or merge them")
    }
}
