/// Why the gateway ends a tunnel, as both endpoints are told it (RFC 6455 § 7.4).
struct TunnelEnd: Equatable {
    let code: UInt16
    /// At most 123 bytes; the log has it, too.
    let reason: StaticString

    /// Too long without a frame of either endpoint.
    static let idle = TunnelEnd(code: 1001, reason: "idle")
    static let tooOld = TunnelEnd(code: 1001, reason: "max_age")
    static let shutdown = TunnelEnd(code: 1001, reason: "shutdown")
    /// Of the codes that are free to use (RFC 6455 § 7.4.2), the one that reminds of 401.
    static let tokenExpired = TunnelEnd(code: 4401, reason: "token_expired")

    static func == (left: TunnelEnd, right: TunnelEnd) -> Bool {
        left.code == right.code && left.text == right.text
    }

    var text: String { "\(reason)" }

    /// The close frame for a client.
    var frame: [UInt8] { [0x88, UInt8(payload.count)] + payload }

    /// The close frame for the app, for which we are the client.
    func frame(maskedWith mask: UInt32) -> [UInt8] {
        let key = (0..<4).map { UInt8(truncatingIfNeeded: mask >> (8 * $0)) }
        return [0x88, 0x80 | UInt8(payload.count)] + key
            + payload.enumerated().map { $1 ^ key[$0 % 4] }
    }

    private var payload: [UInt8] {
        [UInt8(code >> 8), UInt8(code & 0xFF)] + Array("\(reason)".utf8)
    }
}
