import AccessPolicy
import StrictYAML

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

/// The parts of a URL that names an origin. A single `/` may follow the host, because browsers'
/// address bars copy it along.
private struct WrittenURL {
    let scheme: String
    let host: String
    let port: Int?

    init(_ text: String, example: String) throws(SettingProblem) {
        guard let (scheme, rest) = Self.splitScheme(text) else {
            var problem = SettingProblem(
                message: "must be a URL such as `\(example)`, not `\(text)`")
            if splitAuthority(text)?.port != nil {
                problem.suggestion = "did you mean `http://\(text)`?"
            }
            throw problem
        }
        self.scheme = scheme
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        // A password may stand there, so the message does not repeat the value.
        guard !rest.contains("@") else {
            throw SettingProblem(
                message: "must not hold a user or password", suggestion: "remove what precedes `@`")
        }
        guard rest[end...].isEmpty || rest[end...] == "/" else {
            throw SettingProblem(
                message: "must not have a path, query or fragment",
                suggestion: "write only `\(scheme)://\(rest[..<end])`")
        }
        if let port = impossiblePort(rest[..<end], least: 1) {
            throw SettingProblem(message: "must have a port between 1 and 65535, not `\(port)`")
        }
        guard let (host, port) = splitAuthority(rest[..<end]) else {
            throw SettingProblem(message: "must be a URL such as `\(example)`, not `\(text)`")
        }
        if let address = IPAddress(host) {
            self.host = address.description
        } else if Self.isHostName(host) {
            self.host = host.lowercased()
        } else {
            throw SettingProblem(message: "must have a host name or address, not `\(host)`")
        }
        self.port = port
    }

    private static func splitScheme(_ text: String) -> (String, Substring)? {
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else {
            return nil
        }
        return (text[..<colon].lowercased(), text[colon...].dropFirst(3))
    }

    /// Labels of letters, digits, `-` and `_` (which container names have), at most 253 characters;
    /// not all digits, which would be a mistyped address.
    private static func isHostName(_ host: String) -> Bool {
        guard (1...253).contains(host.utf8.count) else { return false }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let isValid = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy {
                    (0x30...0x39).contains($0) || (0x41...0x5A).contains($0)
                        || (0x61...0x7A).contains($0) || $0 == 0x2D || $0 == 0x5F
                }
        }
        return isValid && !(labels.last?.utf8.allSatisfy { (0x30...0x39).contains($0) } ?? true)
    }
}
