/// What a field's name means to the gateway.
enum FieldKind: UInt8, Sendable {
    /// Passed on as it is.
    case ordinary
    /// Holds a byte outside letters, digits and `-`: some back end would fold it into another name.
    case unclean
    /// Speaks for the gateway (identity, rewriting, method override): a client's is never passed on.
    case reserved
    /// Meant for one connection only (RFC 9110 § 7.6.1).
    case hopByHop
    case connection
    case upgrade
    case transferEncoding
    case contentLength
    case host
    case authorization
    case expect
    /// `Origin`, `Access-Control-Request-Method` and `-Headers`: passed on as they are, and read, too.
    case origin
    case requestedMethod
    case requestedHeaders
    /// `X-Forwarded-For`, `-Proto`, `-Host`: read from trusted peers, else like `.reserved`.
    case forwardedFor
    case forwardedProto
    case forwardedHost
    /// `Sec-WebSocket-Key`, `-Version`, `-Accept`, `-Protocol`, `-Extensions`: passed on as they are,
    /// and read, too.
    case webSocketKey
    case webSocketVersion
    case webSocketAccept
    case webSocketProtocol
    case webSocketExtensions

    /// Whether a field of this kind is passed on as it is.
    var isPassedOn: Bool {
        switch self {
        case .ordinary, .origin, .requestedMethod, .requestedHeaders, .webSocketKey,
            .webSocketVersion, .webSocketAccept, .webSocketProtocol, .webSocketExtensions:
            true
        default: false
        }
    }
}

/// Finds the kind of a field name without hashing or allocating: names are grouped by length and
/// first letter, and a group rarely holds more than two.
final class FieldNameTable: Sendable {
    private struct Candidate {
        let offset: Int
        let length: Int
        let kind: FieldKind
    }

    private let groupStart: [UInt16]
    private let candidates: [Candidate]
    private let letters: [UInt8]
    private let prefixes: [[UInt8]]
    /// Bit n: some prefix begins with the n-th letter.
    private let prefixInitials: UInt32

    /// - Parameters:
    ///   - names: lower-case names of letters, digits and `-`. A later entry of the same name is
    ///     ignored, so the protocol's own meaning of a name always wins.
    ///   - reservedPrefixes: lower-case beginnings of names that are `.reserved`.
    init(_ names: [(name: String, kind: FieldKind)], reservedPrefixes: [String] = []) {
        var known = Set<String>()
        var groups = [[(name: String, kind: FieldKind)]](repeating: [], count: Self.groupCount)
        for entry in names where known.insert(entry.name).inserted {
            let bytes = Array(entry.name.utf8)
            guard let first = bytes.first else { continue }
            groups[Self.group(length: bytes.count, first: first)].append(entry)
        }
        var starts: [UInt16] = []
        var ordered: [Candidate] = []
        var letters: [UInt8] = []
        for group in groups {
            starts.append(UInt16(ordered.count))
            for entry in group {
                let bytes = Array(entry.name.utf8)
                ordered.append(
                    Candidate(offset: letters.count, length: bytes.count, kind: entry.kind))
                letters += bytes
            }
        }
        starts.append(UInt16(ordered.count))
        groupStart = starts
        candidates = ordered
        self.letters = letters
        prefixes = reservedPrefixes.map { Array($0.utf8) }
        prefixInitials = prefixes.reduce(0) { $0 | 1 << UInt32($1[0] & 31) }
    }

    @inline(__always)
    func kind(of name: ByteRange, in bytes: Span<UInt8>) -> FieldKind {
        let group = Self.group(length: name.count, first: bytes[name.start])
        var index = Int(groupStart[group])
        let stop = Int(groupStart[group &+ 1])
        while index < stop {
            let candidate = candidates[index]
            if candidate.length == name.count, matches(candidate, name, bytes) {
                return candidate.kind
            }
            index &+= 1
        }
        let initial = UInt32(bytes[name.start] & 31)
        if prefixInitials &>> initial & 1 != 0, hasReservedPrefix(name, bytes) { return .reserved }
        return .ordinary
    }

    /// What a name would be to a reader that takes every byte but letters and digits for `-`.
    func foldedKind(of name: ByteRange, in bytes: Span<UInt8>) -> FieldKind {
        var folded: [UInt8] = []
        for index in name.start..<name.end {
            let byte = bytes[index]
            folded.append(ByteRules.isPlainName(byte) ? byte : 0x2D)
        }
        return kind(of: ByteRange(0, folded.count), in: folded.span)
    }

    private func hasReservedPrefix(_ name: ByteRange, _ bytes: Span<UInt8>) -> Bool {
        nextPrefix: for prefix in prefixes where prefix.count <= name.count {
            for index in 0..<prefix.count where bytes[name.start &+ index] | 0x20 != prefix[index] {
                continue nextPrefix
            }
            return true
        }
        return false
    }

    private func matches(_ candidate: Candidate, _ name: ByteRange, _ bytes: Span<UInt8>) -> Bool {
        for index in 0..<candidate.length {
            // Only letters, digits and `-` come here, and `| 0x20` keeps digits and `-` as they are.
            if bytes[name.start &+ index] | 0x20 != letters[candidate.offset &+ index] {
                return false
            }
        }
        return true
    }

    private static let groupCount = 64 * 32

    @inline(__always)
    private static func group(length: Int, first: UInt8) -> Int {
        (length & 63) << 5 | Int(first & 31)
    }
}
