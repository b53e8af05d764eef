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
        let code = refusal.code
        let body = document(code)
        output.clear()
        StatusLine.append(code.status, now: now, to: &output)
        output.append("Content-Type: application/problem+json\r\nCache-Control: no-store\r\n")
        if code.isChallenge {
            output.append("WWW-Authenticate: Bearer realm=\"ostiary\"")
            if let error = code.challengeError {
                output.append(", error=\"")
                output.append(text: error)
                output.append("\"")
            }
            output.append("\r\n")
        }
        if code.status == 503 { output.append("Retry-After: 1\r\n") }
        if code.status == 405 {
            output.append("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n")
        }
        if closes { output.append("Connection: close\r\n") }
        output.append("Content-Length: ")
        output.append(number: Int64(body.utf8.count))
        output.append("\r\n\r\n")
        guard !answersHead else { return 0 }
        output.append(text: body)
        return body.utf8.count
    }

    /// Every value is one of ours: nothing of the request comes back.
    private static func document(_ code: ReasonCode) -> String {
        "{\"type\":\"urn:ostiary:problem:\(code.publicReason)\",\"title\":\"\(code.title)\","
            + "\"status\":\(code.status),\"reason\":\"\(code.publicReason)\"}\n"
    }
}
