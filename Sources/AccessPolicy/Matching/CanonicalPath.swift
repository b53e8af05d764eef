/// The one spelling of a path that is matched and that is forwarded.
///
/// Unreserved escapes are decoded, the hexadecimal digits of the others are upper-cased, `;` and the
/// rest of `pchar` stay as they are, and a trailing slash is significant. What two programs could
/// understand differently is refused (``TargetRejection``), save escaped delimiters: those are kept,
/// for a route may allow them (``opaque``). Canonical input is its own output.
package struct CanonicalPath: Sendable, Equatable {
    /// The canonical path, starting with `/`; at most as long as the input.
    package private(set) var bytes: [UInt8]
    /// Where the segments between the slashes stand in `bytes`. Only the last can be empty: the path
    /// ends with a slash then. `/` has one, empty segment.
    package private(set) var segments: [Range<Int>]
    /// The escaped delimiters in `bytes`. Each must be allowed by the route (of both views).
    package private(set) var opaque: EscapeSet
    /// Whether the path is its own folded form, save for the case of letters.
    package private(set) var isFolded: Bool
    /// Whether each folded segment comes from the segment of the same number, so that folding moved no
    /// boundary.
    private(set) var isAligned: Bool
    /// Whether `bytes` still holds an escape; comparisons are plain when it does not.
    private(set) var hasEscapes: Bool
    /// Whether the folded path may hold letters in upper case.
    private(set) var hasUppercase: Bool
    /// Empty where `isFolded`.
    private(set) var folding: PathFolding

    /// A path with more segments than this is refused.
    package static let maximumSegments = 256

    /// Reads the path of an origin-form request target.
    ///
    /// - Parameters:
    ///   - target: the request target up to, and without, its `?`.
    ///   - relaxations: what the app makes of doubled slashes and dots. They are merged and resolved
    ///     in the result, so that nobody behind has to do it.
    ///   - recycling: an old path whose storage is used again: with the last path of the same
    ///     connection, passed with `consume`, nothing is allocated.
    /// - Throws: why the target is answered with 400.
    package init(
        parsing target: Span<UInt8>, relaxations: PathRelaxations = .none,
        recycling: consuming CanonicalPath? = nil
    ) throws(TargetRejection) {
        self = recycling ?? CanonicalPath()
        reset()
        guard !target.isEmpty, target[0] == UInt8(ascii: "/") else { throw .notAbsolute }
        var findings = PathFindings()
        try bytes.append(addingCapacity: target.count) { output throws(TargetRejection) in
            var index = 0
            while index < target.count {
                // `index` is at a slash.
                output.append(UInt8(ascii: "/"))
                index += 1
                try Self.segment(
                    target, at: &index, into: &output, ranges: &segments,
                    relaxations, &findings)
            }
        }
        try finish(findings)
    }

    private init() {
        bytes = []
        segments = []
        opaque = []
        (isFolded, isAligned, hasEscapes, hasUppercase) = (true, true, false, false)
        folding = PathFolding()
    }

    private mutating func reset() {
        bytes.removeAll(keepingCapacity: true)
        segments.removeAll(keepingCapacity: true)
        folding.removeAll()
        opaque = []
        (isFolded, isAligned, hasEscapes, hasUppercase) = (true, true, false, false)
    }

    private mutating func finish(_ found: PathFindings) throws(TargetRejection) {
        let findings = found.isStale ? PathFindings(in: bytes, segments) : found
        opaque = findings.opaque
        hasEscapes = findings.hasEscapes
        // An escape of an escape can be a letter in the end.
        hasUppercase = findings.hasUppercase || opaque.contains(.percent)
        isFolded =
            !hasEscapes && !findings.mayFold && (segments.count == 1 || !endsWithSlash)
        guard !isFolded else { return }
        try folding.fold(bytes, holdsPercent: opaque.contains(.percent))
        isAligned =
            folding.sourceCount == segments.count && folding.segments.count == namedSegments
    }

    /// Whether the last segment is empty.
    var endsWithSlash: Bool { segments.last?.isEmpty ?? false }

    /// The number of segments that are not empty.
    var namedSegments: Int { endsWithSlash ? segments.count - 1 : segments.count }

    /// What a lenient server could take the path for: escapes decoded until none is left, `\` for `/`,
    /// without `;…`, slashes merged, dots resolved, and no segment ends with a dot or a space; without
    /// a slash at the end. Letters keep their case here; literals are compared without regard to it.
    package var foldedBytes: [UInt8] { isFolded ? bytes : folding.bytes }

    /// Where the segments stand in ``foldedBytes``; none is empty, and `/` has none.
    package var foldedSegments: [Range<Int>] {
        guard isFolded else { return folding.segments }
        return endsWithSlash ? [] : segments
    }

    /// Hands over the bytes and the segments of a view, and whether escapes are still to be decoded.
    /// The last segment can be empty where the path is its own folded form: `/` as sent.
    @inline(__always)
    func read<Result>(
        _ view: PathView, _ body: (Span<UInt8>, Span<Range<Int>>, Bool) -> Result
    ) -> Result {
        if view == .asSent || isFolded { return body(bytes.span, segments.span, hasEscapes) }
        return body(folding.bytes.span, folding.segments.span, false)
    }
}

extension CanonicalPath {
    /// Reads up to the next slash or the end.
    @inline(__always)
    private static func segment(
        _ input: Span<UInt8>, at index: inout Int, into output: inout OutputSpan<UInt8>,
        ranges: inout [Range<Int>], _ relaxations: PathRelaxations, _ findings: inout PathFindings
    ) throws(TargetRejection) {
        guard ranges.count < maximumSegments else { throw .tooManySegments }
        let start = output.count
        var nameEnd: Int?
        while index < input.count {
            let byte = input[index]
            if byte == UInt8(ascii: "/") { break }
            if byte == UInt8(ascii: "%") {
                let written = output.count
                try EscapeReader.read(input, at: &index, into: &output, &findings.opaque)
                if output.count > written + 1 {
                    findings.hasEscapes = true
                } else {
                    findings.note(output[written])
                }
                continue
            }
            guard PathByte.isRawSegmentByte(byte) else { throw .forbiddenByte }
            if byte == UInt8(ascii: ";"), nameEnd == nil { nameEnd = output.count }
            findings.note(byte)
            output.append(byte)
            index += 1
        }
        let isLast = index == input.count
        // Servers that know path parameters see the segment without them, so `..;a=b` is `..`.
        switch (nameEnd ?? output.count) - start {
        case 0 where !isLast:
            guard nameEnd == nil, relaxations.mergesSlashes else { throw .emptySegment }
            output.removeLast(1)
            return
        case 1 where output[start] == UInt8(ascii: "."):
            guard nameEnd == nil, relaxations.resolvesDots else { throw .dotSegment }
            drop(from: start, of: &output, isLast: isLast, &ranges, &findings)
            return
        case 2
        where output[start] == UInt8(ascii: ".") && output[start + 1] == UInt8(ascii: "."):
            guard nameEnd == nil, relaxations.resolvesDots else { throw .dotSegment }
            // Above the root is the root (RFC 3986 § 5.2.4).
            let parent = ranges.popLast()?.lowerBound ?? start
            drop(from: parent, of: &output, isLast: isLast, &ranges, &findings)
            return
        default: break
        }
        if output.count > start, output[output.count - 1] == UInt8(ascii: ".") {
            findings.mayFold = true
        }
        ranges.append(start..<output.count)
    }

    /// Takes back what stands from `start` on, and the slash before it unless the path ends there.
    private static func drop(
        from start: Int, of output: inout OutputSpan<UInt8>, isLast: Bool,
        _ ranges: inout [Range<Int>], _ findings: inout PathFindings
    ) {
        findings.isStale = true
        output.removeLast(output.count - start + (isLast ? 0 : 1))
        if isLast { ranges.append(start..<start) }
    }
}

extension CanonicalPath: CustomStringConvertible {
    /// The canonical path; always ASCII.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
