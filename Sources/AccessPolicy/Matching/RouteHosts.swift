/// The hosts that routes name. Those of one entry have trees of their own in a ``RouteTrie``; the last
/// tree is for routes of any host.
struct RouteHosts: Sendable {
    /// Sorted by text, wildcards apart; the place in the list is the number of the tree.
    let exact: [HostSet.Pattern]
    let wildcards: [HostSet.Pattern]

    init(_ patterns: some Sequence<HostSet.Pattern>) {
        var distinct: [HostSet.Pattern] = []
        let sorted = patterns.sorted { $0.text.lexicographicallyPrecedes($1.text) }
        for pattern in sorted where !distinct.suffix(2).contains(pattern) {
            distinct.append(pattern)
        }
        exact = distinct.filter { !$0.isWildcard }
        wildcards = distinct.filter(\.isWildcard)
    }

    var isEmpty: Bool { exact.isEmpty && wildcards.isEmpty }

    /// The number of trees, that for any host included.
    var count: Int { exact.count + wildcards.count + 1 }

    /// The number of the tree of an entry.
    func number(of pattern: HostSet.Pattern) -> Int? {
        pattern.isWildcard
            ? Self.find(pattern.text.span, from: 0, in: wildcards).map { exact.count + $0 }
            : Self.find(pattern.text.span, from: 0, in: exact)
    }

    func pattern(_ number: Int) -> HostSet.Pattern? {
        if number < exact.count { return exact[number] }
        return number < count - 1 ? wildcards[number - exact.count] : nil
    }

    /// The trees for a host, most specific first: the exact one, longer wildcards, shorter ones, that
    /// for any host. Returns the first for which `body` does not return ``PatternTree/none``.
    func first(for host: Span<UInt8>, _ body: (Int) -> Int32) -> Int32 {
        if let number = Self.find(host, from: 0, in: exact) {
            let found = body(number)
            if found != PatternTree.none { return found }
        }
        if !wildcards.isEmpty {
            // A wildcard stands for one or more whole labels, so the first dot is not at the start.
            for dot in host.indices.dropFirst()
            where host[dot] == UInt8(ascii: ".") && host[dot - 1] != UInt8(ascii: ".") {
                guard let number = Self.find(host, from: dot, in: wildcards) else { continue }
                let found = body(exact.count + number)
                if found != PatternTree.none { return found }
            }
        }
        return body(count - 1)
    }

    private static func find(
        _ host: Span<UInt8>, from start: Int, in patterns: [HostSet.Pattern]
    ) -> Int? {
        var (low, high) = (0, patterns.count)
        while low < high {
            let middle = low + (high - low) / 2
            let order = order(patterns[middle].text, host, from: start)
            if order == 0 { return middle }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return nil
    }

    /// Negative where `text` comes before what stands in `host` from `start` on.
    private static func order(_ text: [UInt8], _ host: Span<UInt8>, from start: Int) -> Int {
        let count = host.count - start
        for index in 0..<min(text.count, count) where text[index] != host[start + index] {
            return text[index] < host[start + index] ? -1 : 1
        }
        return text.count - count
    }
}
