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

/// Where an upstream listens: plain HTTP, over TCP or a Unix socket.
package enum UpstreamEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// A host name in lower case or an IP address without brackets.
    case address(host: String, port: Int)
    case unix(SocketPath)

    /// Nil for a Unix socket.
    package var port: Int? {
        if case .address(_, let port) = self { port } else { nil }
    }

    /// `http://127.0.0.1:8050` or `unix:/run/app.sock`
    package var description: String {
        switch self {
        case .address(let host, let port): "http://\(authority(host: host, port: port))"
        case .unix(let path): path.description
        }
    }
}

extension UpstreamEndpoint: SettingValue {
    static let typeName = "URL or unix:/path"

    init(setting text: String) throws(SettingProblem) {
        let example = "http://127.0.0.1:8050"
        if let path = try SocketPath(setting: text) {
            self = .unix(path)
            return
        }
        guard !text.hasPrefix("/") else {
            throw SettingProblem(
                message: "must be a URL such as `\(example)`, not `\(text)`",
                suggestion: "for a Unix socket write `unix:\(text)`")
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
        self = .address(host: parts.host, port: parts.port ?? 80)
    }
}
