/// A WebSocket frame (RFC 6455 § 5.2) as bytes.
package struct Frame: Sendable, Equatable {
    package enum Opcode: UInt8, Sendable {
        case continuation, text, binary
        case close = 8
        case ping, pong
    }

    package let opcode: UInt8
    package let isFinal: Bool
    package let payload: [UInt8]
    package let bytes: [UInt8]

    /// A frame with this payload. A client's frames are masked, with a key that is easy to see through.
    package init(
        _ opcode: Opcode, isFinal: Bool = true, _ payload: [UInt8], masked: Bool = false
    ) {
        self.opcode = opcode.rawValue
        self.isFinal = isFinal
        self.payload = payload
        var bytes = [opcode.rawValue | (isFinal ? 0x80 : 0)]
        let mask: UInt8 = masked ? 0x80 : 0
        switch payload.count {
        case 0...125: bytes.append(mask | UInt8(payload.count))
        case 126...65_535:
            bytes += [mask | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(mask | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        let key: [UInt8] = [0x11, 0x22, 0x33, 0x44]
        if masked { bytes += key }
        self.bytes =
            bytes + payload.enumerated().map { masked ? $1 ^ key[$0 % 4] : $1 }
    }

    package init(_ opcode: Opcode, _ text: String, masked: Bool = false) {
        self.init(opcode, Array(text.utf8), masked: masked)
    }

    /// A frame with `length` bytes of payload.
    package init(
        _ opcode: Opcode, isFinal: Bool = true, length: Int, masked: Bool = false
    ) {
        self.init(
            opcode, isFinal: isFinal, (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 7) },
            masked: masked)
    }

    /// The first frame of `bytes`, and how many of them it has; nil while it is not whole.
    package static func first(of bytes: [UInt8]) -> (frame: Frame, count: Int)? {
        guard bytes.count >= 2, let opcode = Opcode(rawValue: bytes[0] & 0x0F) else { return nil }
        var start = 2
        var length = Int(bytes[1] & 0x7F)
        let more = length == 126 ? 2 : length == 127 ? 8 : 0
        guard bytes.count >= start + more else { return nil }
        if more > 0 { length = bytes[2..<(2 + more)].reduce(0) { $0 << 8 | Int($1) } }
        start += more
        let masked = bytes[1] & 0x80 != 0
        guard bytes.count >= start + (masked ? 4 : 0) + length else { return nil }
        let key = masked ? Array(bytes[start..<(start + 4)]) : [0, 0, 0, 0]
        if masked { start += 4 }
        let payload = bytes[start..<(start + length)].enumerated().map { $1 ^ key[$0 % 4] }
        return (
            Frame(opcode, isFinal: bytes[0] & 0x80 != 0, payload, masked: masked), start + length
        )
    }

    /// The code of a close frame.
    package var closeCode: Int? {
        opcode == Opcode.close.rawValue && payload.count >= 2
            ? Int(payload[0]) << 8 | Int(payload[1]) : nil
    }

    package var text: String { String(decoding: payload, as: UTF8.self) }
}
