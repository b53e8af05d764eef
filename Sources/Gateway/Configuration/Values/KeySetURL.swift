import AccessPolicy
import Outbound

/// The URL of a document with keys: `https`, or `http` where that is allowed; with path and query.
package struct KeySetURL: Sendable, Equatable, CustomStringConvertible {
    /// As it was written.
    package let description: String
    package let isSecure: Bool
    /// A host name in lower case or an IP address without brackets.
    let host: String

    /// What kind of place it is that only this machine or its network reaches, as far as the name alone
    /// tells: `a link-local address`. Nil for others.
    var refusedPlace: String? {
        guard let address = IPAddress(host) else {
            let isOwn = host == "localhost" || host.hasSuffix(".localhost")
            return isOwn ? "a loopback address" : nil
        }
        let kind =
            address.isIPv6
            ? AddressRule.refusal(ofIPv6: address.value)
            : AddressRule.refusal(ofIPv4: UInt32(truncatingIfNeeded: address.value))
        return kind.map { "\($0 == "unspecified" ? "an" : "a") \($0) address" }
    }
}

extension KeySetURL: SettingValue {
    static let typeName = "URL with a path"

    init(setting text: String) throws(SettingProblem) {
        let parts = try WrittenURL(text, example: "https://id.example.com/jwks.json")
        guard parts.scheme == "http" || parts.scheme == "https" else {
            throw SettingProblem(
                message: "must begin with `https://`, not with `\(parts.scheme):`")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), text.utf8.count <= 2048 else {
            throw SettingProblem(
                message: "must be at most 2048 plain ASCII characters without spaces",
                suggestion: "write others as `%` and two hexadecimal digits")
        }
        guard !text.contains("#") else {
            throw SettingProblem(
                message: "must not have a fragment", suggestion: "remove `#` and what follows it")
        }
        self.init(description: text, isSecure: parts.scheme == "https", host: parts.host)
    }
}

/// An HTTP proxy, with its port.
struct ProxyURL: SettingValue, CustomStringConvertible {
    let description: String

    static let typeName = "URL"

    init(setting text: String) throws(SettingProblem) {
        let parts = try WrittenURL(text, example: "http://proxy.internal:3128")
        try parts.requireOrigin()
        guard parts.scheme == "http" else {
            throw SettingProblem(
                message: "must begin with `http://`, not with `\(parts.scheme):`",
                suggestion: "what goes through the proxy is encrypted all the same")
        }
        // Without a port the fetching library would take one of its own.
        description = "http://\(authority(host: parts.host, port: parts.port ?? 80))"
    }
}
