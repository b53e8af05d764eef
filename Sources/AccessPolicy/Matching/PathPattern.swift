/// The path part of a route's `match`, checked.
struct PathPattern: Sendable {
    enum Segment: Sendable {
        /// `decoded` is what the segment of a request must decode to; empty for the end of a pattern
        /// that ends with a slash.
        case literal(decoded: [UInt8])
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

    /// The number of the segment that each variable stands for.
    var variables: [(name: String, segment: Int)] {
        segments.enumerated().compactMap { number, segment in
            guard case .variable(let name) = segment else { return nil }
            return (name, number)
        }
    }
}
