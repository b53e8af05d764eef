/// The path part of a route's `match`, checked.
struct PathPattern: Sendable {
    enum Segment: Sendable, Equatable {
        /// `decoded` is what the segment of a request must decode to; empty for the end of a pattern
        /// that ends with a slash.
        case literal(decoded: [UInt8])
        /// `*.png`: one segment that ends with these decoded bytes, and holds something before them.
        case suffix([UInt8])
        /// `{name:type}`
        case typed(name: String, VariableType)
        /// `{name}`: any one segment that is not empty.
        case variable(name: String)
        /// `*`: any one segment that is not empty, and less specific than a variable.
        case wildcard
    }

    /// As it is written in the policy.
    let text: String
    let segments: [Segment]
    /// Whether `**` follows: zero or more segments of any content.
    let matchesRest: Bool
    /// The numbers of the segments that variables stand for; the same in both views.
    let variableSegments: [Int]

    init(text: String, segments: [Segment], matchesRest: Bool) {
        self.text = text
        self.segments = segments
        self.matchesRest = matchesRest
        variableSegments = segments.indices.filter { segments[$0].variableName != nil }
    }

    /// The number of the segment that each variable stands for.
    var variables: [(name: String, segment: Int)] {
        variableSegments.compactMap { number in
            segments[number].variableName.map { ($0, number) }
        }
    }

    /// The type of a variable; nil where it has none.
    func type(ofSegment number: Int) -> VariableType? {
        guard case .typed(_, let type) = segments[number] else { return nil }
        return type
    }

    /// Whether it ends with a slash, which is significant as sent.
    var endsWithSlash: Bool { segments.last == .literal(decoded: []) }
}

extension PathPattern.Segment {
    var variableName: String? {
        switch self {
        case .variable(let name), .typed(let name, _): name
        case .literal, .suffix, .wildcard: nil
        }
    }
}
