/// A request as it arrived at the echo upstream, byte for byte.
package struct RecordedRequest: Sendable {
    /// Which of the upstream's connections brought it, counted from 1.
    package let connection: Int
    package let requestLine: String
    /// Header lines in their order, without CRLF; one character per byte (Latin-1).
    package let headerLines: [String]
    /// The body without its chunk framing.
    package internal(set) var body: [UInt8] = []
    /// The body with its chunk framing and trailers, as sent.
    package internal(set) var rawBody: [UInt8] = []
    package internal(set) var trailerLines: [String] = []

    package var method: String { String(requestLine.prefix { $0 != " " }) }

    /// The request-target between the two spaces of the request line.
    package var target: String {
        let parts = requestLine.split(separator: " ", omittingEmptySubsequences: false)
        return parts.count == 3 ? String(parts[1]) : ""
    }

    package var path: String { String(target.prefix { $0 != "?" }) }

    /// The values of a header, in order; the name in any letter case.
    package func values(_ name: String) -> [String] {
        fieldValues(name, in: headerLines)
    }

    /// The values that a back end sees under a name which it folds as WSGI servers do.
    ///
    /// Every spelling counts, and trailers count too: `X-Auth-User`, `x_auth_user`, `X.Auth.User`
    /// all arrive as `X_AUTH_USER`.
    package func values(folded name: String) -> [String] {
        (headerLines + trailerLines).compactMap { line in
            guard let colon = line.firstIndex(of: ":"),
                foldedName(line[..<colon]) == foldedName(name[...])
            else { return nil }
            return String(line[line.index(after: colon)...].trimmingPrefix(while: { $0 == " " }))
        }
    }

    /// Head, body framing and trailers as one text, to search for a value in every place.
    package var everything: String {
        ([requestLine] + headerLines).joined(separator: "\r\n") + "\r\n\r\n" + latin1(rawBody)
    }
}

/// Upper case, and every byte that is no letter or digit becomes `_` (PEP 3333 servers go this far).
func foldedName(_ name: Substring) -> String {
    String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
}
