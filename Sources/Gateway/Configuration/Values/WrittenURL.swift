import AccessPolicy
import StrictYAML

/// The parts of an absolute URL with an authority, as a person wrote it.
struct WrittenURL {
    /// In lower case.
    let scheme: String
    /// A host name in lower case or an IP address without brackets.
    let host: String
    let port: Int?
    /// All that follows the authority, as it was written.
    let rest: Substring

    /// Refuses what is no such URL; `example` shows one. A password may stand in it, so the messages
    /// about that do not repeat the value.
    init(_ text: String, example: String) throws(SettingProblem) {
        // Before anything that would repeat the text, also where a scheme is missing.
        guard !text.contains("@") else {
            throw SettingProblem(
                message: "must not hold a user or password", suggestion: "remove what precedes `@`")
        }
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
        self.rest = rest[end...]
    }

    /// Refuses more than scheme and authority. A single `/` may follow, because browsers' address bars
    /// copy it along.
    func requireOrigin() throws(SettingProblem) {
        guard rest.isEmpty || rest == "/" else {
            throw SettingProblem(
                message: "must not have a path, query or fragment",
                suggestion: "write only `\(scheme)://\(authority(host: host, port: port))`")
        }
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
