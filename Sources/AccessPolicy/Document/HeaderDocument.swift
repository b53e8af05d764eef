import StrictYAML

/// One entry of `defaults.identity.headers`.
struct HeaderDocument {
    let name: Located<String>
    let claim: Located<String>

    static func read(_ entries: [YAMLEntry], _ sink: DiagnosticSink) -> [HeaderDocument] {
        var seen: [String: String] = [:]
        return entries.compactMap { entry in
            guard
                HeaderName.check(entry.key, at: entry.keyPosition, "carry an identity", sink),
                let claim = entry.value.locatedString(
                    "defaults.identity.headers.\(entry.key)", sink)
            else { return nil }
            let folded = HeaderName.folded(entry.key)
            if let other = seen[folded] {
                sink.report(
                    "duplicate", at: entry.keyPosition,
                    "headers `\(other)` and `\(entry.key)` are one header to an upstream that folds "
                        + "case and punctuation")
            }
            seen[folded] = entry.key
            return HeaderDocument(
                name: Located(value: entry.key, position: entry.keyPosition), claim: claim)
        }
    }
}

/// Which headers may carry an identity.
enum HeaderName {
    /// CGI and WSGI make one variable of names that differ only in case and in bytes that are no
    /// letters or digits.
    static func folded(_ name: String) -> String {
        String(name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" })
    }

    /// Whether the text is a field name (RFC 9110 § 5.1) of a sane length.
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128 && name.utf8.allSatisfy(isTokenByte)
    }

    /// `use` is what it would do, for messages.
    static func check(
        _ name: String, at position: SourcePosition, _ use: String, _ sink: DiagnosticSink
    ) -> Bool {
        guard isToken(name) else {
            sink.report(
                "bad_header_name", at: position, "`\(name)` is no header name",
                suggestion: "use letters, digits and `-`, such as `X-Auth-User`")
            return false
        }
        let folded = folded(name)
        guard !standard.contains(folded), !prefixes.contains(where: folded.hasPrefix) else {
            sink.report(
                "reserved_header", at: position,
                "header `\(name)` has a meaning of its own and cannot \(use)",
                suggestion: "choose a name such as `X-Auth-User`")
            return false
        }
        return true
    }

    /// `tchar` (RFC 9110 § 5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// Fields of HTTP itself (framing, connection, routing, content, credentials, conditions), and
    /// those that a proxy writes.
    private static let standard: Set<String> = [
        "age", "allow", "alt-svc", "alt-used", "authorization", "cache-control", "connection",
        "cookie", "cookie2", "date", "early-data", "etag", "expect", "expires", "forwarded", "from",
        "host", "http2-settings", "keep-alive", "last-modified", "link", "location", "max-forwards",
        "origin", "pragma", "prefer", "priority", "range", "referer", "retry-after", "server",
        "set-cookie", "te", "trailer", "trailers", "traceparent", "tracestate", "transfer-encoding",
        "upgrade", "upgrade-insecure-requests", "user-agent", "vary", "via", "warning",
        "www-authenticate", "x-http-method", "x-http-method-override", "x-method-override",
        "x-original-url", "x-real-ip", "x-request-id", "x-rewrite-url",
    ]
    private static let prefixes = [
        "accept", "access-control-", "content-", "if-", "proxy-", "sec-", "x-forwarded-",
    ]
}
