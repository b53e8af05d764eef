/// Writes the answers of the gateway's own endpoints.
enum LocalAnswerWriter {
    /// Writes head and body; `now` is Unix time in seconds.
    ///
    /// - Returns: how many bytes of it are the body.
    @discardableResult
    static func write(
        _ answer: LocalResponse, answersHead: Bool, closes: Bool, now: Int64,
        into output: inout ByteWriter
    ) -> Int {
        output.clear()
        StatusLine.append(answer.status, now: now, to: &output)
        for field in answer.fields where isSafe(field) {
            output.append(text: field.name)
            output.append(": ")
            output.append(text: field.value)
            output.append("\r\n")
        }
        if closes { output.append("Connection: close\r\n") }
        let hasBody = answer.status != 204 && answer.status != 304
        if hasBody {
            output.append("Content-Length: ")
            output.append(number: Int64(answer.body.count))
            output.append("\r\n")
        }
        output.append("\r\n")
        guard hasBody, !answersHead else { return 0 }
        output.append(answer.body)
        return answer.body.count
    }

    /// Framing is ours alone to say, and a value that would end its line is left out whole.
    private static func isSafe(_ field: (name: String, value: String)) -> Bool {
        let name = field.name.lowercased()
        return !framing.contains(name) && !name.isEmpty
            && name.utf8.allSatisfy { ByteRules.isToken($0) }
            && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
    }

    private static let framing = ["connection", "content-length", "date", "transfer-encoding"]
}
