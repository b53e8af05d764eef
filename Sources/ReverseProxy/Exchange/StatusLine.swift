/// The beginning of an answer of our own.
enum StatusLine {
    /// Appends the status line and `Date`; `now` is Unix time in seconds.
    static func append(_ status: Int, now: Int64, to output: inout ByteWriter) {
        output.append("HTTP/1.1 ")
        output.append(number: Int64(status))
        output.append(UInt8(ascii: " "))
        output.append(reasonPhrase(status))
        output.append("\r\nDate: ")
        HTTPDate.append(now, to: &output)
        output.append("\r\n")
    }

    /// Nobody reads it (RFC 9112 § 4), but people look at it.
    private static func reasonPhrase(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 426: "Upgrade Required"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: "Other"
        }
    }
}
