/// How an answer's body reaches the client.
enum ClientFraming: Equatable {
    /// As the length says, or no body at all.
    case asReceived
    /// In chunks of our own making.
    case chunked
    /// Raw, and the connection's end is the body's end: HTTP/1.0 knows nothing better.
    case untilClose

    init(_ framing: BodyFraming, clientMinorVersion: UInt8) {
        switch framing {
        case .none, .length: self = .asReceived
        case .chunked, .untilClose: self = clientMinorVersion == 1 ? .chunked : .untilClose
        }
    }
}

/// Writes the head that goes back to the client: the upstream's, without what was meant for the
/// hop between us. Where the policy says who may read answers across origins, what the app says of it
/// is dropped: browsers refuse a field that is there twice.
enum ResponseHeadWriter {
    static func write(
        _ head: ResponseHead, lines: [FieldLine], nominated: [ByteRange], of source: Span<UInt8>,
        framing: ClientFraming, keepsAlive: Bool, clientMinorVersion: UInt8,
        routeFields: [UInt8] = [], into output: inout ByteWriter
    ) {
        output.clear()
        output.append("HTTP/1.1")
        output.append(head.statusAndReason, of: source)
        output.append("\r\n")
        let dropsLength = framing != .asReceived || head.status < 200 || head.status == 204
        output.append(lines: lines, of: source) { line in
            guard line.kind.isPassedOn || line.kind == .unclean else {
                return line.kind == .contentLength && !dropsLength
            }
            return (nominated.isEmpty || !isNominated(line.name, nominated, source))
                && (routeFields.isEmpty || !isAccessControl(line.name, source))
        }
        if head.status >= 200, !routeFields.isEmpty { output.append(routeFields) }
        if framing == .chunked { output.append("Transfer-Encoding: chunked\r\n") }
        if head.status == 101 { output.append("Connection: Upgrade\r\nUpgrade: websocket\r\n") }
        if head.status >= 200 {
            if !keepsAlive {
                output.append("Connection: close\r\n")
            } else if clientMinorVersion == 0 {
                output.append("Connection: keep-alive\r\n")
            }
        }
        output.append("\r\n")
    }

    private static func isAccessControl(_ name: ByteRange, _ source: Span<UInt8>) -> Bool {
        name.count > accessControl.count
            && source.spells(
                "access-control-", in: ByteRange(name.start, name.start + accessControl.count))
    }

    private static let accessControl = "access-control-".utf8

    private static func isNominated(
        _ name: ByteRange, _ nominated: [ByteRange], _ source: Span<UInt8>
    ) -> Bool {
        next: for other in nominated where other.count == name.count {
            for index in 0..<name.count
            where source[name.start + index] | 0x20 != source[other.start + index] | 0x20 {
                continue next
            }
            return true
        }
        return false
    }
}
