internal import AccessPolicy
internal import Admission

/// Writes the head that goes upstream. It takes a `Permit`, so nothing else can be forwarded; the
/// request line and `Host` come from the permit's canonical request alone, the other fields from
/// the received lines that hygiene lets through. `assertion` is the line with the signed assertion, empty
/// where the policy asks for none.
enum RequestHeadWriter {
    static func write(
        _ permit: borrowing Permit, lines: [FieldLine], of source: Span<UInt8>,
        framing: BodyFraming, forwarded: [UInt8], assertion: [UInt8], into output: inout ByteWriter
    ) {
        output.clear()
        output.append(permit.request.method.wireName)
        output.append(UInt8(ascii: " "))
        output.append(permit.request.path.bytes)
        let text = permit.request.text.span
        output.append(text.extracting(permit.request.queryRange))
        output.append(" HTTP/1.1\r\nHost: ")
        output.append(text.extracting(permit.request.authorityRange))
        output.append("\r\n")
        if permit.request.wantsUpgrade {
            output.append("Connection: Upgrade\r\nUpgrade: websocket\r\n")
        }
        output.append(lines: lines, of: source) {
            $0.kind.isPassedOn || $0.kind == .contentLength
        }
        if permit.forwardsCredential {
            output.append("Authorization: ")
            output.append(text.extracting(permit.request.credentialRange))
            output.append("\r\n")
        }
        if framing == .chunked { output.append("Transfer-Encoding: chunked\r\n") }
        output.append(forwarded)
        if let bearer = permit.bearer, case .bytes(let fields) = bearer.principal.identityHeaders {
            output.append(fields.span)
        }
        output.append(assertion)
        output.append("\r\n")
    }
}

extension Method {
    /// Whether sending the request twice does no more than sending it once (RFC 9110 § 9.2.2).
    var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options: true
        case .post, .patch, .webSocket: false
        }
    }
}
