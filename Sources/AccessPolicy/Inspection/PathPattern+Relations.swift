/// How patterns and paths relate, segment by segment: for tools, which may take their time.
extension PathPattern {
    /// Whether every path of the other pattern is one of this one, as sent.
    func covers(_ other: PathPattern) -> Bool {
        guard matchesRest || (segments.count == other.segments.count && !other.matchesRest) else {
            return false
        }
        guard segments.count <= other.segments.count else { return false }
        return zip(segments, other.segments).allSatisfy { $0.covers($1) }
    }

    /// Whether the pattern stands for a path.
    func matches(_ path: borrowing CanonicalPath, in view: PathView) -> Bool {
        var texts = (0..<path.segmentCount(in: view)).map { path.text(ofSegment: $0, in: view) }
        var own = segments
        if view == .folded {
            // Folding knows no slash at the end.
            if texts.last?.isEmpty == true { texts.removeLast() }
            if endsWithSlash { own.removeLast() }
        }
        guard texts.count == own.count || (matchesRest && texts.count > own.count) else {
            return false
        }
        return zip(own, texts).allSatisfy { $0.matches($1, ignoringCase: view == .folded) }
    }

    /// What stands where, from the left: lower is more specific.
    var ranks: [Int] {
        segments.map(\.rank) + [matchesRest ? PathPattern.restRank : PathPattern.endRank]
    }

    private static let restRank = 1_000
    /// Before anything that could follow.
    private static let endRank = -1
}

extension PathPattern.Segment {
    fileprivate var rank: Int {
        switch self {
        case .literal: 0
        case .suffix(let text): 500 - min(text.count, 400)
        case .typed: 600
        case .variable: 700
        case .wildcard: 800
        }
    }

    /// The kind in words: ``a literal (`users`)``.
    var words: String {
        switch self {
        case .literal(let text) where text.isEmpty: "the slash at the end"
        case .literal(let text): "the literal `\(String(decoding: text, as: UTF8.self))`"
        case .suffix(let text): "`*\(String(decoding: text, as: UTF8.self))`"
        case .typed(let name, let type): "`{\(name):\(type.rawValue)}`"
        case .variable(let name): "`{\(name)}`"
        case .wildcard: "`*`"
        }
    }

    fileprivate func covers(_ other: PathPattern.Segment) -> Bool {
        switch (self, other) {
        case (.literal(let left), .literal(let right)): left == right
        case (_, .literal(let text)): matches(text, ignoringCase: false)
        case (.literal, _): false
        case (.variable, _), (.wildcard, _): true
        case (.suffix(let left), .suffix(let right)):
            right.count >= left.count && right.suffix(left.count) == left[...]
        case (.typed(_, let left), .typed(_, let right)):
            TextClass.allCases.allSatisfy { !right.accepts($0) || left.accepts($0) }
        case (.suffix, _), (.typed, _): false
        }
    }

    fileprivate func matches(_ text: [UInt8], ignoringCase: Bool) -> Bool {
        func folded(_ text: some Sequence<UInt8>) -> [UInt8] {
            ignoringCase ? text.map { PathByte.isUppercase($0) ? $0 | 0x20 : $0 } : Array(text)
        }
        switch self {
        case .literal(let own): return folded(own) == folded(text)
        case .suffix(let own):
            return text.count > own.count && folded(text.suffix(own.count)) == folded(own)
        case .typed(_, let type): return TextClass(text.span).map(type.accepts) ?? false
        case .variable, .wildcard: return !text.isEmpty
        }
    }
}

extension CanonicalPath {
    fileprivate func segmentCount(in view: PathView) -> Int {
        view == .asSent ? segments.count : foldedSegments.count
    }
}

extension Route {
    /// Whether every path of the other route is a path of this one.
    package func coversPaths(of other: Route) -> Bool { pattern.covers(other.pattern) }

    /// Whether the route is for every path.
    package var isForAllPaths: Bool { pattern.segments.isEmpty && pattern.matchesRest }

    /// Whether the two have a method in common.
    package func sharesMethod(with other: Route) -> Bool {
        Method.allCases.contains { methods.contains($0) && other.methods.contains($0) }
    }

    /// The path as a pattern, with the text of each variable; for people.
    package var variableNames: [String] { pattern.variables.map(\.name) }
}
