/// Follows the frames of one direction of a WebSocket (RFC 6455 § 5.2) through its bytes, without
/// touching them: between two frames another may be put.
///
/// Where the bytes are no frames it is lost, for good: nothing is put in any more, and the tunnel goes on
/// passing them. Judging frames is the endpoints' business.
struct FrameFollower: Equatable {
    private enum Part: Equatable {
        /// So many bytes of the header are read.
        case header(Int)
        /// So many bytes of the payload are still to come.
        case payload(UInt64)
    }

    private let isMasked: Bool
    private let allowsReservedBits: Bool
    private var part = Part.header(0)
    private var headerLength = 2
    private var opening: UInt8 = 0
    private var payloadLength: UInt64 = 0
    /// Whether a fragmented message has begun and not ended.
    private var isInMessage = false

    private(set) var isLost = false
    /// Whether a close frame has begun: nothing may follow it.
    private(set) var hasClosed = false

    /// - Parameters:
    ///   - isMasked: whether these are a client's frames.
    ///   - allowsReservedBits: whether an extension was agreed on, which may give them a meaning.
    init(isMasked: Bool, allowsReservedBits: Bool) {
        self.isMasked = isMasked
        self.allowsReservedBits = allowsReservedBits
    }

    /// Whether the last frame has ended, and the next one has not begun.
    var isAtBoundary: Bool { !isLost && part == .header(0) }

    /// Follows all bytes.
    mutating func follow(_ bytes: Span<UInt8>) {
        var index = 0
        while index < bytes.count { index = followFrame(bytes, from: index) }
    }

    /// Follows the frame at hand, to its end or to that of the bytes, whichever is first.
    ///
    /// - Returns: the offset behind it; past the end of all bytes once it is lost.
    mutating func followFrame(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, !isLost {
            switch part {
            case .header(let count):
                take(bytes[index], at: count)
                index &+= 1
                if part == .header(0) { return index }
            case .payload(let remaining):
                let available = UInt64(bytes.count &- index)
                guard available >= remaining else {
                    part = .payload(remaining &- available)
                    return bytes.count
                }
                part = .header(0)
                return index &+ Int(remaining)
            }
        }
        return bytes.count
    }

    private mutating func take(_ byte: UInt8, at position: Int) {
        switch position {
        case 0: opens(byte)
        case 1: tellsLength(byte)
        default:
            let lengthBytes = headerLength &- 2 &- (isMasked ? 4 : 0)
            if position < 2 &+ lengthBytes {
                // RFC 6455: 64 bits, of which the first is 0.
                if lengthBytes == 8, position == 2, byte & 0x80 != 0 { isLost = true }
                payloadLength = payloadLength << 8 | UInt64(byte)
            }
        }
        if isLost { return }
        guard position &+ 1 == headerLength else {
            part = .header(position &+ 1)
            return
        }
        part = payloadLength > 0 ? .payload(payloadLength) : .header(0)
        headerLength = 2
    }

    private mutating func opens(_ byte: UInt8) {
        opening = byte
        let isFinal = byte & 0x80 != 0
        if byte & 0x70 != 0, !allowsReservedBits { isLost = true }
        switch byte & 0x0F {
        case 0:
            if !isInMessage { isLost = true }
            isInMessage = !isFinal
        case 1, 2:
            if isInMessage { isLost = true }
            isInMessage = !isFinal
        case 8:
            if !isFinal { isLost = true }
            hasClosed = true
        case 9, 10:
            if !isFinal { isLost = true }
        default:
            isLost = true
        }
    }

    private mutating func tellsLength(_ byte: UInt8) {
        if (byte & 0x80 != 0) != isMasked { isLost = true }
        let length = byte & 0x7F
        if opening & 0x08 != 0, length > 125 { isLost = true }
        headerLength = 2 &+ (length == 126 ? 2 : length == 127 ? 8 : 0) &+ (isMasked ? 4 : 0)
        payloadLength = length < 126 ? UInt64(length) : 0
    }
}
