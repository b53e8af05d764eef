/// Reads the chunked transfer coding (RFC 9112 § 7.1) byte by byte, and gives out the ranges of data
/// and trailer lines.
///
/// Stricter than the grammar: sizes are 1 to 15 hexadecimal digits, and there are at most 8 KiB and
/// 64 lines of trailers. Chunk extensions are refused in requests (nobody uses them, and
/// proxies that skip them differently are a smuggling class); in answers `;name=value` is skipped, where
/// both are tokens, up to 256 bytes.
struct ChunkedDecoder {
    private enum State {
        case size(digits: Int)
        case sizeLineFeed
        /// Inside `;name=value`; `isEmpty`: none of its bytes yet.
        case extensionName(isEmpty: Bool)
        case extensionValue(isEmpty: Bool)
        case data
        case dataCarriageReturn
        case dataLineFeed
        case trailerStart
        case trailerName
        case trailerValue
        case trailerLineFeed
        case finalLineFeed
        case finished
    }

    private var state = State.size(digits: 0)
    private var remaining: UInt64 = 0
    private var extensionBytes = 0
    private var trailerBytes = 0
    private var trailerLines = 0
    private let skipsExtensions: Bool

    init(skipsExtensions: Bool) { self.skipsExtensions = skipsExtensions }

    /// Reads on from `start`; call again behind the range of each `.data` and `.trailer`.
    mutating func step(_ bytes: Span<UInt8>, from start: Int) -> BodyStep {
        var index = start
        while index < bytes.count {
            if case .data = state {
                let length = Int(min(remaining, UInt64(bytes.count &- index)))
                remaining -= UInt64(length)
                if remaining == 0 { state = .dataCarriageReturn }
                return .data(index..<(index &+ length))
            }
            if isInTrailer(bytes[index]) { return readTrailer(bytes, from: index) }
            guard advance(over: bytes[index]) else { return .fault }
            index &+= 1
            if case .finished = state { return .finished(next: index) }
        }
        return .needsMore
    }

    private func isInTrailer(_ byte: UInt8) -> Bool {
        switch state {
        case .trailerStart: byte != carriageReturn
        case .trailerName, .trailerValue, .trailerLineFeed: true
        default: false
        }
    }

    /// Reads lines up to the empty one that ends them, or as far as the input goes.
    private mutating func readTrailer(_ bytes: Span<UInt8>, from start: Int) -> BodyStep {
        var index = start
        while index < bytes.count, isInTrailer(bytes[index]) {
            guard advanceTrailer(over: bytes[index]) else { return .fault }
            index &+= 1
        }
        return .trailer(start..<index)
    }

    private mutating func advance(over byte: UInt8) -> Bool {
        switch state {
        case .size(let digits):
            if let value = ByteRules.hexValue(byte) {
                guard digits < 15 else { return false }
                remaining = remaining << 4 | value
                state = .size(digits: digits + 1)
                return true
            }
            if byte == 0x3B, skipsExtensions, digits > 0 {
                state = .extensionName(isEmpty: true)
                extensionBytes = 0
                return true
            }
            state = .sizeLineFeed
            return byte == carriageReturn && digits > 0
        case .extensionName, .extensionValue:
            return advanceExtension(over: byte)
        case .sizeLineFeed:
            state = remaining == 0 ? .trailerStart : .data
            return byte == lineFeed
        case .dataCarriageReturn:
            state = .dataLineFeed
            return byte == carriageReturn
        case .dataLineFeed:
            state = .size(digits: 0)
            return byte == lineFeed
        case .trailerStart, .trailerName, .trailerValue, .trailerLineFeed, .finalLineFeed:
            return advanceTrailer(over: byte)
        case .data, .finished:
            return false
        }
    }

    private mutating func advanceExtension(over byte: UInt8) -> Bool {
        extensionBytes += 1
        guard extensionBytes <= Self.mostExtensionBytes else { return false }
        switch (state, byte) {
        case (.extensionName(isEmpty: false), 0x3D):
            state = .extensionValue(isEmpty: true)
        case (.extensionValue(isEmpty: false), 0x3B):
            state = .extensionName(isEmpty: true)
        case (.extensionValue(isEmpty: false), carriageReturn):
            state = .sizeLineFeed
        case (.extensionName, _):
            state = .extensionName(isEmpty: false)
            return ByteRules.isToken(byte)
        default:
            state = .extensionValue(isEmpty: false)
            return ByteRules.isToken(byte)
        }
        return true
    }

    private mutating func advanceTrailer(over byte: UInt8) -> Bool {
        trailerBytes += 1
        guard trailerBytes <= Self.mostTrailerBytes else { return false }
        switch state {
        case .trailerStart:
            if byte == carriageReturn {
                state = .finalLineFeed
                return true
            }
            state = .trailerName
            trailerLines += 1
            return trailerLines <= Self.mostTrailerLines && ByteRules.isToken(byte)
        case .trailerName:
            if byte == 0x3A {
                state = .trailerValue
                return true
            }
            return ByteRules.isToken(byte)
        case .trailerValue:
            if byte == carriageReturn {
                state = .trailerLineFeed
                return true
            }
            return byte >= 0x20 && byte != 0x7F || byte == 0x09
        case .trailerLineFeed:
            state = .trailerStart
            return byte == lineFeed
        default:
            state = .finished
            return byte == lineFeed
        }
    }

    private static let mostTrailerBytes = 8192
    private static let mostTrailerLines = 64
    private static let mostExtensionBytes = 256
}
