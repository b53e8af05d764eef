/// What the next bytes of a body are.
enum BodyStep: Equatable {
    /// Body bytes at this range of the input.
    case data(Range<Int>)
    /// Whole or partial trailer lines at this range of the input; what comes of them is a field section
    /// without its empty line.
    case trailer(Range<Int>)
    /// All input is used up; the body goes on.
    case needsMore
    /// The body ended; the rest of the input begins at this offset.
    case finished(next: Int)
    case fault
}

/// Follows one body through the bytes of a connection, whatever its framing.
struct BodyReader {
    private enum State {
        case length(Int64)
        case chunked(ChunkedDecoder)
        case untilClose
        case finished
    }

    private var state: State

    /// An upstream's chunk extensions are skipped, a client's are refused.
    init(_ framing: BodyFraming, isAnswer: Bool = false) {
        switch framing {
        case .none: state = .finished
        case .length(let length): state = length > 0 ? .length(length) : .finished
        case .chunked: state = .chunked(ChunkedDecoder(skipsExtensions: isAnswer))
        case .untilClose: state = .untilClose
        }
    }

    /// Whether the connection's end is the body's end.
    var endsWithConnection: Bool {
        if case .untilClose = state { return true }
        return false
    }

    /// Reads on from `start`; call again behind the range of each `.data` and `.trailer`.
    @inline(__always)
    mutating func step(_ bytes: Span<UInt8>, from start: Int) -> BodyStep {
        switch state {
        case .finished:
            return .finished(next: start)
        case .length(let remaining):
            let available = bytes.count &- start
            guard available > 0 else { return .needsMore }
            if Int64(available) >= remaining {
                state = .finished
                return .data(start..<(start &+ Int(remaining)))
            }
            state = .length(remaining &- Int64(available))
            return .data(start..<bytes.count)
        case .untilClose:
            return start < bytes.count ? .data(start..<bytes.count) : .needsMore
        case .chunked(var decoder):
            let step = decoder.step(bytes, from: start)
            state = .chunked(decoder)
            if case .finished = step { state = .finished }
            return step
        }
    }
}
