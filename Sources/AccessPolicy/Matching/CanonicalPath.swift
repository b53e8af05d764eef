/// The one spelling of a path that is matched and that is forwarded.
///
/// Unreserved escapes are decoded, the hexadecimal digits of the others are upper-cased, `;` and the
/// rest of `pchar` stay as they are, and a trailing slash is significant. What two programs could
/// understand differently is refused (``TargetRejection``). Canonical input is its own output.
package struct CanonicalPath: Sendable, Equatable {
    /// The canonical path, starting with `/`; at most as long as the input.
    package private(set) var bytes: [UInt8]
    /// Where the segments between the slashes stand in `bytes`. Only the last can be empty: the path
    /// ends with a slash then. `/` has one, empty segment.
    package private(set) var segments: [Range<Int>]
    /// Whether `bytes` still holds an escape; comparisons are plain when it does not.
    private(set) var hasEscapes: Bool

    /// A path with more segments than this is refused.
    package static let maximumSegments = 256

    /// Reads the path of an origin-form request target.
    ///
    /// - Parameters:
    ///   - target: the request target up to, and without, its `?`.
    ///   - recycling: an old path whose storage is used again: with the last path of the same
    ///     connection, passed with `consume`, nothing is allocated.
    /// - Throws: why the target is answered with 400.
    package init(
        parsing target: Span<UInt8>, recycling: consuming CanonicalPath? = nil
    ) throws(TargetRejection) {
        self = recycling ?? CanonicalPath()
        bytes.removeAll(keepingCapacity: true)
        segments.removeAll(keepingCapacity: true)
        hasEscapes = false
        guard !target.isEmpty, target[0] == UInt8(ascii: "/") else { throw .notAbsolute }
        try bytes.append(addingCapacity: target.count) { output throws(TargetRejection) in
            var index = 0
            while index < target.count {
                // `index` is at a slash.
                output.append(UInt8(ascii: "/"))
                index += 1
                try Self.segment(
                    target, at: &index, into: &output, ranges: &segments, escapes: &hasEscapes)
            }
        }
    }

    private init() {
        bytes = []
        segments = []
        hasEscapes = false
    }

    /// Reads up to the next slash or the end.
    @inline(__always)
    private static func segment(
        _ input: Span<UInt8>, at index: inout Int, into output: inout OutputSpan<UInt8>,
        ranges: inout [Range<Int>], escapes: inout Bool
    ) throws(TargetRejection) {
        guard ranges.count < maximumSegments else { throw .tooManySegments }
        let start = output.count
        var nameEnd: Int?
        while index < input.count {
            let byte = input[index]
            if byte == UInt8(ascii: "/") { break }
            if byte == UInt8(ascii: "%") {
                let written = output.count
                try EscapeReader.read(input, at: &index, into: &output)
                if output.count > written + 1 { escapes = true }
                continue
            }
            guard PathByte.isRawSegmentByte(byte) else { throw .forbiddenByte }
            if byte == UInt8(ascii: ";"), nameEnd == nil { nameEnd = output.count }
            output.append(byte)
            index += 1
        }
        // Servers that know path parameters see the segment without them, so `..;a=b` is `..`.
        switch (nameEnd ?? output.count) - start {
        case 0 where index < input.count: throw .emptySegment
        case 1 where output[start] == UInt8(ascii: "."): throw .dotSegment
        case 2
        where output[start] == UInt8(ascii: ".") && output[start + 1] == UInt8(ascii: "."):
            throw .dotSegment
        default: ranges.append(start..<output.count)
        }
    }
}

extension CanonicalPath: CustomStringConvertible {
    /// The canonical path; always ASCII.
    package var description: String { String(decoding: bytes, as: UTF8.self) }
}
