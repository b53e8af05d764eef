/// An HTTP/1.1 answer as it was on the wire, read without any leniency.
package struct RawResponse: Sendable {
    package enum Framing: Sendable, Equatable { case none, length(Int), chunked, close }

    package let statusLine: String
    package let status: Int
    /// Header lines in their order, without CRLF; one character per byte (Latin-1).
    package let headerLines: [String]
    package let framing: Framing
    /// The body without its chunk framing.
    package private(set) var body: [UInt8] = []
    package private(set) var trailerLines: [String] = []

    /// The values of a header, in order; the name in any letter case.
    package func values(_ name: String) -> [String] {
        fieldValues(name, in: headerLines)
    }

    /// The header's value when it is there exactly once.
    package func value(_ name: String) -> String? {
        let all = values(name)
        return all.count == 1 ? all[0] : nil
    }

    package var text: String { latin1(body) }

    /// The string member `reason` of a problem document.
    package var reason: String? {
        guard value("content-type")?.hasPrefix("application/problem+json") == true,
            let start = text.firstRange(of: "\"reason\":\"")?.upperBound,
            let end = text[start...].firstIndex(of: "\"")
        else { return nil }
        return String(text[start..<end])
    }
}

extension RawResponse {
    init(headFrom input: inout ByteInput, by deadline: Deadline) throws {
        guard let line = try input.line(by: deadline) else {
            throw WireError("the connection was closed without an answer")
        }
        statusLine = latin1(line)
        let parts = statusLine.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "HTTP/1.1" || parts[0] == "HTTP/1.0",
            parts[1].utf8.count == 3, let status = Int(parts[1])
        else { throw WireError("not a status line: \(statusLine)") }
        self.status = status
        headerLines = try fieldLines(from: &input, by: deadline)
        let codings = fieldValues("transfer-encoding", in: headerLines)
        let lengths = fieldValues("content-length", in: headerLines)
        guard codings.isEmpty || lengths.isEmpty, codings.count < 2, lengths.count < 2 else {
            throw WireError("ambiguous framing: \(headerLines)")
        }
        if let coding = codings.first {
            guard coding == "chunked" else { throw WireError("unknown coding \(coding)") }
            framing = .chunked
        } else if let text = lengths.first {
            guard let length = Int(text), length >= 0 else { throw WireError("length \(text)") }
            framing = .length(length)
        } else {
            framing = .close
        }
    }

    init(from input: inout ByteInput, toHead: Bool, by deadline: Deadline) throws {
        self = try RawResponse(headFrom: &input, by: deadline)
        if toHead || status < 200 || status == 204 || status == 304 { return }
        switch framing {
        case .none: break
        case .length(let count): body = try input.bytes(count, by: deadline)
        case .close: body = try input.rest(by: deadline)
        case .chunked:
            let chunked = try ChunkedBody(from: &input, by: deadline)
            body = chunked.content
            trailerLines = chunked.trailerLines
        }
    }
}

/// A chunked body: its content, and the bytes that carried it.
struct ChunkedBody {
    private(set) var content: [UInt8] = []
    private(set) var raw: [UInt8] = []
    let trailerLines: [String]

    init(from input: inout ByteInput, by deadline: Deadline) throws {
        let lineEnd = Array("\r\n".utf8)
        while true {
            guard let line = try input.line(by: deadline) else {
                throw WireError("the stream ends before the last chunk")
            }
            raw += line + lineEnd
            let digits = latin1(line.prefix { $0 != UInt8(ascii: ";") })
            guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let size = Int(digits, radix: 16)
            else { throw WireError("not a chunk size: \(latin1(line))") }
            if size == 0 { break }
            let chunk = try input.bytes(size, by: deadline)
            content += chunk
            raw += chunk
            guard try input.bytes(2, by: deadline) == lineEnd else {
                throw WireError("a chunk does not end in CRLF")
            }
            raw += lineEnd
        }
        trailerLines = try fieldLines(from: &input, by: deadline)
        for line in trailerLines { raw += line.unicodeScalars.map { UInt8($0.value) } + lineEnd }
        raw += lineEnd
    }
}

/// Reads field lines to the empty line that ends them.
func fieldLines(from input: inout ByteInput, by deadline: Deadline) throws -> [String] {
    var lines: [String] = []
    while let line = try input.line(by: deadline) {
        if line.isEmpty { return lines }
        lines.append(latin1(line))
    }
    throw WireError("the stream ends inside a head")
}

/// The values, without surrounding blanks, of all the lines with this name in any letter case.
func fieldValues(_ name: String, in lines: [String]) -> [String] {
    lines.compactMap { line in
        guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased()
        else { return nil }
        return String(line[line.index(after: colon)...].trimmingPrefix(while: { $0 == " " }))
    }
}
