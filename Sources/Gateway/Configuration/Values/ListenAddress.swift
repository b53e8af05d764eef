import AccessPolicy
import StrictYAML

/// Where to accept connections: an IP address (or `localhost`) and a port.
package struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IP address without brackets, or `localhost`.
    package let host: String
    /// 0 lets the system choose.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    package var isLoopback: Bool { host == "localhost" || IPAddress(host)?.isLoopback == true }

    /// `127.0.0.1:8080` or `[::1]:8080`.
    package var description: String { authority(host: host, port: port) }
}

extension ListenAddress: SettingValue {
    static let typeName = "host:port"

    init(setting text: String) throws(SettingProblem) {
        let rule = "must be `host:port`, for example `127.0.0.1:8080` or `[::1]:8080`"
        if let port = impossiblePort(text, least: 0) {
            throw SettingProblem(message: "must have a port between 0 and 65535, not `\(port)`")
        }
        guard let (host, port) = splitAuthority(text), let port else {
            throw SettingProblem(message: "\(rule), not `\(text)`")
        }
        if host.isEmpty || host == "*" {
            throw SettingProblem(
                message: "\(rule), not `\(text)`",
                suggestion: "for all addresses write `0.0.0.0:\(port)`")
        }
        if let address = IPAddress(host) {
            self.init(host: address.description, port: port)
        } else if host.lowercased() == "localhost" {
            self.init(host: "localhost", port: port)
        } else {
            throw SettingProblem(
                message: "must begin with an IP address or `localhost`, not with `\(host)`")
        }
    }
}

/// Where the data plane accepts connections: an address, or a Unix socket.
package enum Listener: Sendable, Hashable, CustomStringConvertible {
    case address(ListenAddress)
    case unix(SocketPath)

    /// Nil for a Unix socket.
    package var address: ListenAddress? {
        if case .address(let address) = self { address } else { nil }
    }

    /// 0 for a Unix socket, which has none, and where the system is to choose.
    package var port: Int { address?.port ?? 0 }

    /// `127.0.0.1:8080`, `[::1]:8080` or `unix:/run/ostiary.sock`.
    package var description: String {
        switch self {
        case .address(let address): address.description
        case .unix(let path): path.description
        }
    }

    /// As a URL, where there is one.
    package var url: String { address.map { "http://\($0)" } ?? description }
}

extension Listener: SettingValue {
    static let typeName = "host:port or unix:/path"

    init(setting text: String) throws(SettingProblem) {
        if let path = try SocketPath(setting: text) {
            self = .unix(path)
        } else {
            self = .address(try ListenAddress(setting: text))
        }
    }
}

/// `host:port`, with brackets around IPv6.
func authority(host: String, port: Int?) -> String {
    let host = host.contains(":") ? "[\(host)]" : host
    return port.map { "\(host):\($0)" } ?? host
}

/// The port of `host:port` or `[v6]:port` if it is a number outside `least` to 65535.
func impossiblePort(_ text: some StringProtocol, least: Int) -> String? {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let host = text[..<colon]
    let port = text[text.index(after: colon)...]
    guard !port.isEmpty, port.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        !host.contains(":") || (host.hasPrefix("[") && host.hasSuffix("]"))
    else { return nil }
    if let number = Int(port), (least...65_535).contains(number) { return nil }
    return String(port)
}

/// Splits `host`, `host:port`, `[v6]` or `[v6]:port` (the host without brackets); nil when the
/// brackets or the port, 0 to 65535, are not right.
func splitAuthority(_ text: some StringProtocol) -> (host: String, port: Int?)? {
    var host = Substring(text)
    var rest: Substring
    if host.first == "[" {
        guard let close = host.firstIndex(of: "]") else { return nil }
        rest = host[host.index(after: close)...]
        host = host[host.index(after: host.startIndex)..<close]
        guard IPAddress(host) != nil, host.contains(":") else { return nil }
    } else {
        let colon = host.firstIndex(of: ":") ?? host.endIndex
        rest = host[colon...]
        host = host[..<colon]
    }
    if rest.isEmpty { return (String(host), nil) }
    guard rest.removeFirst() == ":", let port = Quantity.integer(String(rest)),
        (0...65535).contains(port)
    else { return nil }
    return (String(host), port)
}
