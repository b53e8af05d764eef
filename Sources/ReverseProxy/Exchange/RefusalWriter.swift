internal import AccessPolicy
internal import Admission

/// Writes the gateway's own answer to a request that is not forwarded: a problem document
/// (RFC 9457) with the public reason, and the challenge of RFC 6750 § 3 where one is due.
enum RefusalWriter {
    /// Writes head and body; `now` is Unix time in seconds.
    ///
    /// - Returns: how many bytes of it are the body.
    @discardableResult
    static func write(
        _ refusal: Refusal, answersHead: Bool, closes: Bool, now: Int64,
        into output: inout ByteWriter
    ) -> Int {
        let body = document(refusal)
        output.clear()
        StatusLine.append(refusal.status, now: now, to: &output)
        output.append("Content-Type: application/problem+json\r\nCache-Control: no-store\r\n")
        if refusal.code.isChallenge, !refusal.isHidden { appendChallenge(refusal, to: &output) }
        if refusal.status == 503 { output.append("Retry-After: 1\r\n") }
        if refusal.status == 405 {
            output.append("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n")
        }
        if refusal.code == .badHandshake || refusal.code == .handshakeVersion {
            // RFC 6455 § 4.2.2, RFC 9110 § 15.5.22.
            output.append("Sec-WebSocket-Version: 13\r\n")
            if refusal.status == 426 {
                output.append("Upgrade: websocket\r\nConnection: Upgrade\r\n")
            }
        }
        if let excess = refusal.excess { append(excess, to: &output) }
        output.append(refusal.answerFields)
        if closes { output.append("Connection: close\r\n") }
        output.append("Content-Length: ")
        output.append(number: Int64(body.utf8.count))
        output.append("\r\n\r\n")
        guard !answersHead else { return 0 }
        output.append(text: body)
        return body.utf8.count
    }

    private static func appendChallenge(_ refusal: Refusal, to output: inout ByteWriter) {
        output.append("WWW-Authenticate: Bearer realm=\"ostiary\"")
        if let error = refusal.code.challengeError { append("error", error, to: &output) }
        if !refusal.scopes.isEmpty {
            append("scope", refusal.scopes.joined(separator: " "), to: &output)
        }
        if let stepUp = refusal.stepUp {
            // RFC 9470 § 3.
            if !stepUp.acrValues.isEmpty {
                append("acr_values", stepUp.acrValues.joined(separator: " "), to: &output)
            }
            if let age = stepUp.maxAge { append("max_age", String(age), to: &output) }
        }
        output.append("\r\n")
    }

    /// A parameter as a quoted string (RFC 9110 § 5.6.4). The words are the policy's; what no field
    /// value can hold is left out.
    private static func append(
        _ name: StaticString, _ value: String, to output: inout ByteWriter
    ) {
        output.append(", ")
        output.append(name)
        output.append("=\"")
        for byte in value.utf8 where byte >= 0x20 && byte < 0x7F {
            if byte == 0x22 || byte == 0x5C { output.append(UInt8(0x5C)) }
            output.append(byte)
        }
        output.append(UInt8(0x22))
    }

    /// When to come back, and the fields of draft-ietf-httpapi-ratelimit-headers: `q` requests at once
    /// are the quota, which is whole again after `w` seconds; `r` are left, more come after `t` seconds.
    private static func append(_ excess: RateLimiter.Excess, to output: inout ByteWriter) {
        output.append("Retry-After: ")
        output.append(number: excess.retryAfter)
        output.append("\r\nRateLimit-Policy: \"")
        output.append(text: excess.per.rawValue)
        output.append("\";q=")
        output.append(number: excess.burst)
        output.append(";w=")
        output.append(number: excess.window)
        output.append("\r\nRateLimit: \"")
        output.append(text: excess.per.rawValue)
        output.append("\";r=0;t=")
        output.append(number: excess.retryAfter)
        output.append("\r\n")
    }

    /// Every value is ours or the policy's: nothing of the request comes back.
    private static func document(_ refusal: Refusal) -> String {
        let detail = refusal.publicDetail.map { ",\"detail\":\"\(escaped($0))\"" } ?? ""
        return "{\"type\":\"urn:ostiary:problem:\(refusal.publicReason)\","
            + "\"title\":\"\(refusal.title)\",\"status\":\(refusal.status),"
            + "\"reason\":\"\(refusal.publicReason)\"\(detail)}\n"
    }

    /// The text inside a JSON string (RFC 8259 § 7).
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
