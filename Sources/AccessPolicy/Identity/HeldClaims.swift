import StrictJSON

/// The values of a principal's claims, in the order of the ``IdentityModel``.
///
/// All texts are in one piece: holding them costs one allocation, and comparing them counts no
/// references.
struct HeldClaims: Sendable {
    enum Value: Sendable {
        /// Where the text is in `bytes`.
        case text(Range<Int>)
        /// Where the members are in `members`.
        case list(Range<Int>)
        case integer(Int64)
        case boolean(Bool)
    }

    private(set) var values: [Value] = []
    /// UTF-8, compared byte for byte: equal `String`s can be different bytes.
    private(set) var bytes: [UInt8] = []
    private(set) var members: [Range<Int>] = []

    init(count: Int) {
        values.reserveCapacity(count)
        bytes.reserveCapacity(count * Self.usualLength)
    }

    // MARK: Holding another claim

    mutating func hold(_ text: Span<UInt8>) {
        values.append(.text(place(text)))
    }

    /// Makes what was placed just before a text the beginning of that text.
    mutating func lengthen(_ number: Int, by prefix: Range<Int>) {
        guard case .text(let text) = values[number], text.lowerBound == prefix.upperBound else {
            return
        }
        values[number] = .text(prefix.lowerBound..<text.upperBound)
    }

    mutating func hold(_ value: ClaimValue) {
        switch value {
        case .text(let text): hold(text.string.utf8.span)
        case .list(let texts):
            let start = members.count
            for text in texts { place(member: text.string.utf8.span) }
            holdMembers(from: start)
        case .integer(let number): values.append(.integer(number))
        case .boolean(let flag): values.append(.boolean(flag))
        }
    }

    /// A list of the members from `start` on.
    mutating func holdMembers(from start: Int) { values.append(.list(start..<members.count)) }

    mutating func place(member text: Span<UInt8>) { members.append(place(text)) }

    mutating func place(_ text: Span<UInt8>) -> Range<Int> {
        let start = bytes.count
        if !text.isEmpty { bytes.append(copying: text) }
        return start..<bytes.count
    }

    // MARK: Comparing

    /// Whether the claim is this value.
    func isEqual(_ number: Int, to value: ClaimValue) -> Bool {
        switch (values[number], value) {
        case (.text(let left), .text(let right)): isText(left, right.string.utf8.span)
        case (.integer(let left), .integer(let right)): left == right
        case (.boolean(let left), .boolean(let right)): left == right
        case (.text, _), (.list, _), (.integer, _), (.boolean, _): false
        }
    }

    /// Whether two claims are the same value.
    func isEqual(_ first: Int, to second: Int) -> Bool {
        switch (values[first], values[second]) {
        case (.text(let left), .text(let right)): isText(left, bytes.span.extracting(right))
        case (.integer(let left), .integer(let right)): left == right
        case (.boolean(let left), .boolean(let right)): left == right
        case (.text, _), (.list, _), (.integer, _), (.boolean, _): false
        }
    }

    /// Whether the claim is the text of a segment.
    func isEqual(_ number: Int, toSegment segment: Int, of path: borrowing CanonicalPath) -> Bool {
        guard case .text(let text) = values[number] else { return false }
        return path.segment(segment, equals: bytes.span.extracting(text))
    }

    /// Whether a member from `start` on is the same text.
    func hasMember(from start: Int, _ text: Span<UInt8>) -> Bool {
        for index in start..<members.count where isText(members[index], text) { return true }
        return false
    }

    private func isText(_ text: Range<Int>, _ other: Span<UInt8>) -> Bool {
        bytes.span.extracting(text).hasSameBytes(as: other)
    }

    /// Room for a text, in bytes; longer ones cost another allocation.
    private static let usualLength = 24
}
