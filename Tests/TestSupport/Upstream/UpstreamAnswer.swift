/// What the echo upstream does with a request for a path that a test has scripted.
package enum UpstreamAnswer: Sendable {
    /// Describes the request as JSON; what unscripted paths get.
    case echo
    /// Sends these bytes, whatever they are; then keeps or closes the connection.
    case bytes(String, thenClose: Bool)
    /// Sends the parts with a pause before each but the first.
    case paced([String], pause: Duration, thenClose: Bool)
    /// Sends the bytes, and then back whatever comes, to the end.
    case mirror(String)
    /// The same, and `last` when no more comes.
    case mirrorThen(String, last: String)
    /// Sends the bytes as soon as the head is there, and reads no body.
    case early(String)
    /// Reads the request and never answers.
    case silence
    /// Reads the head and then nothing more, so that a body piles up before it.
    case deaf
    /// Closes the connection without an answer.
    case hangUp
    /// Answers once normally; the connection is closed right after the answer without saying so.
    case echoThenClose
}

extension RecordedRequest {
    /// The request as a JSON document: `hit`, `request_line`, `headers`, `trailers`, `raw_body`.
    func echoDocument(hit: Int) -> String {
        func list(_ lines: [String]) -> String {
            "[" + lines.map(jsonString).joined(separator: ",") + "]"
        }
        return "{\"hit\":\(hit),\"request_line\":\(jsonString(requestLine)),"
            + "\"headers\":\(list(headerLines)),\"trailers\":\(list(trailerLines)),"
            + "\"raw_body\":\(jsonString(latin1(rawBody)))}"
    }
}

/// A JSON string; characters outside printable ASCII are escaped, so that bytes survive.
private func jsonString(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        if (0x20..<0x7F).contains(scalar.value), scalar != "\"", scalar != "\\" {
            result.unicodeScalars.append(scalar)
        } else {
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
    }
    return result + "\""
}
