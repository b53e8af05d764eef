internal import Admission

/// Writes the answer to a CORS preflight: 204, with the route's fields where the page may go on.
enum PreflightWriter {
    /// Writes the head, which is all of it; `now` is Unix time in seconds.
    static func write(
        _ answer: PreflightAnswer, closes: Bool, now: Int64, into output: inout ByteWriter
    ) {
        output.clear()
        StatusLine.append(204, now: now, to: &output)
        output.append(answer.fields)
        // The same for all: it tells nobody whether there is a route.
        output.append(
            "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\r\n")
        if closes { output.append("Connection: close\r\n") }
        output.append("\r\n")
    }
}
