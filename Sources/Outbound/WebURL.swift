private import CLibcurl

/// A URL as libcurl itself reads it: what is checked here is what will be asked.
struct WebURL {
    /// `http` or `https`.
    let scheme: String
    /// In lower case; an IPv4 address in any spelling has become four decimal numbers, an IPv6
    /// address has its brackets.
    let host: String
    let port: String
    private let path: String
    /// The whole URL.
    let text: String

    /// - Throws: `FetchError.Reason.url` for what is no absolute URL of an allowed scheme, or has a
    ///   user or password in it.
    init(_ text: String, allowsHTTP: Bool) throws(FetchError) {
        guard let parts = unsafe curl_url() else {
            throw FetchError(.other, "no memory is left to read a URL")
        }
        defer { unsafe curl_url_cleanup(parts) }
        let shown = Self.shown(text)
        let flags = UInt32(CURLU_DISALLOW_USER | CURLU_NON_SUPPORT_SCHEME)
        let status = unsafe curl_url_set(parts, CURLUPART_URL, text, flags)
        guard status != CURLUE_USER_NOT_ALLOWED else {
            throw FetchError(.url, "the URL has a user name or password in it; remove it")
        }
        guard status == CURLUE_OK, !text.utf8.contains(0),
            let scheme = unsafe Self.part(CURLUPART_SCHEME, of: parts)?.lowercased(),
            let host = unsafe Self.part(CURLUPART_HOST, of: parts)?.lowercased(), !host.isEmpty,
            let port = unsafe Self.part(CURLUPART_PORT, of: parts),
            let path = unsafe Self.part(CURLUPART_PATH, of: parts),
            // libcurl forgives one slash and three, which others read as no host at all.
            Self.hasOneAuthority(text, scheme)
        else { throw FetchError(.url, "`\(shown)` is not a whole URL") }
        guard scheme == "https" || scheme == "http" && allowsHTTP else {
            throw FetchError(
                .url,
                "`\(shown)` is not an \(allowsHTTP ? "`http:` or `https:`" : "`https:`") URL")
        }
        self.scheme = scheme
        self.host = host
        self.port = port
        self.path = path
        self.text = text
    }

    /// Whether both are on one server: scheme, host and port (RFC 6454 § 5).
    func hasSameOrigin(as other: WebURL) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }

    var origin: String {
        let isUsual = port == (scheme == "https" ? "443" : "80")
        return Self.shown("\(scheme)://\(host)\(isUsual ? "" : ":\(port)")")
    }

    /// For messages: without the query, which may hold what is not for logs.
    var description: String { Self.shown(origin + path) }

    /// Another server may have written it, so it is bounded and stays on its line.
    fileprivate static func shown(_ text: String) -> String {
        let kept = text.unicodeScalars.prefix(maximumShownCount).map { scalar in
            scalar.isASCII && (0x21...0x7E).contains(scalar.value) && scalar != "`" ? scalar : "?"
        }
        let rest = text.unicodeScalars.count > maximumShownCount ? "…" : ""
        return String(String.UnicodeScalarView(kept)) + rest
    }

    private static func hasOneAuthority(_ text: String, _ scheme: String) -> Bool {
        let start = text.prefix(scheme.utf8.count + 4).lowercased()
        return start.hasPrefix("\(scheme)://") && !start.hasSuffix("/")
    }

    private static func part(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(parts, part, &text, UInt32(CURLU_DEFAULT_PORT)) == CURLUE_OK,
            let found = unsafe text
        else { return nil }
        defer { unsafe curl_free(found) }
        return unsafe String(cString: found)
    }

    private static let maximumShownCount = 200
}

extension HTTPFetch {
    /// The URL for messages: without its query, bounded, and on one line.
    package var shownURL: String {
        (try? WebURL(url, allowsHTTP: true))?.description ?? WebURL.shown(url)
    }
}
