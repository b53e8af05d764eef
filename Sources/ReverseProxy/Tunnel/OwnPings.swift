/// Pings of our own among the frames of others. Their payload has a mark by which the answers are known,
/// so that these go no further: the app sees nothing that it did not cause.
struct OwnPings {
    private let mark: UInt64
    private var sent: UInt32 = 0
    private var answered: UInt32 = 0

    /// - Parameter mark: a number that nobody else would use.
    init(mark: UInt64) { self.mark = mark }

    /// Whether an answer may be under way.
    var isAwaited: Bool { sent != answered }

    /// The bytes of another ping, not masked, as a server sends it.
    mutating func next() -> [UInt8] {
        sent &+= 1
        return [0x89, UInt8(Self.payloadLength)] + bytes(of: mark) + bytes(of: sent)
    }

    /// Whether `frame`, a whole pong as it came from a client, answers one of them. An endpoint may answer
    /// the last of several pings only (RFC 6455 § 5.5.3), so that it stands for those before it.
    mutating func isAnswer(_ frame: [UInt8]) -> Bool {
        guard isAwaited, frame.count == 6 + Self.payloadLength else { return false }
        var payload: [UInt8] = []
        for index in 0..<Self.payloadLength {
            payload.append(frame[6 + index] ^ frame[2 + index % 4])
        }
        guard payload.starts(with: bytes(of: mark)) else { return false }
        let number = payload.dropFirst(8).reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        guard number &- answered &- 1 < sent &- answered else { return false }
        answered = number
        return true
    }

    private func bytes(of number: some FixedWidthInteger) -> [UInt8] {
        (1...(number.bitWidth / 8)).map {
            UInt8(truncatingIfNeeded: number >> (number.bitWidth - 8 * $0))
        }
    }

    private static let payloadLength = 12
}
