import AccessPolicy

/// Scheme, host and port of an HTTP service: an origin (RFC 6454), without path, query or user.
package struct HTTPOrigin: Sendable, Hashable, CustomStringConvertible {
    package let isSecure: Bool
    /// Lower case, IPv6 without brackets.
    package let host: String
    /// Nil when it is the scheme's own, 80 or 443.
    package let port: Int?

    package init(isSecure: Bool, host: String, port: Int?) {
        self.isSecure = isSecure
        self.host = host
        self.port = port == (isSecure ? 443 : 80) ? nil : port
    }

    /// `https://app.example.com`, the form that browsers send in `Origin`.
    package var description: String {
        "\(isSecure ? "https" : "http")://\(authority(host: host, port: port))"
    }
}

extension HTTPOrigin: SettingValue {
    static let typeName = "URL"

    init(setting text: String) throws(SettingProblem) {
        let parts = try WrittenURL(text, example: "https://app.example.com")
        try parts.requireOrigin()
        guard parts.scheme == "http" || parts.scheme == "https" else {
            throw SettingProblem(
                message: "must begin with `http://` or `https://`, not with `\(parts.scheme):`")
        }
        self.init(isSecure: parts.scheme == "https", host: parts.host, port: parts.port)
    }
}

/// Where an upstream listens; plain HTTP.
package struct UpstreamEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host name in lower case or an IP address without brackets.
    package let host: String
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// `http://127.0.0.1:8050`
    package var description: String { "http://\(authority(host: host, port: port))" }
}

extension UpstreamEndpoint: SettingValue {
    static let typeName = "URL"

    init(setting text: String) throws(SettingProblem) {
        let example = "http://127.0.0.1:8050"
        if text.hasPrefix("unix:") || text.hasPrefix("/") {
            throw SettingProblem(
                message: "cannot be a Unix socket yet",
                suggestion: "let the app listen on a port and write `\(example)`")
        }
        let parts = try WrittenURL(text, example: example)
        try parts.requireOrigin()
        guard parts.scheme != "https" else {
            throw SettingProblem(
                message: "cannot be `https:` yet",
                suggestion: "use `http://` on a network that you trust")
        }
        guard parts.scheme == "http" else {
            throw SettingProblem(message: "must begin with `http://`, not with `\(parts.scheme):`")
        }
        self.init(host: parts.host, port: parts.port ?? 80)
    }
}
