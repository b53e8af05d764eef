internal import AccessPolicy

/// Whether the page that opens a WebSocket may do so (RFC 6455 § 10.2). Browsers ask for no permission
/// before a handshake to another origin, and cannot be made to leave `Origin` out.
enum OriginCheck {
    enum Fault: String, Error {
        case missing = "no origin, and the route names those that may connect"
        case foreign = "origin is not one that may connect"
        case other = "origin is not that of the host"
    }

    /// `origin` is the value of `Origin`, empty where there is none; `authority` is host and port as the
    /// request names them.
    ///
    /// - Returns: nil where it may.
    static func fault(
        _ rule: WebSocketRule.Origins, _ origin: Span<UInt8>, authority: Span<UInt8>
    ) -> Fault? {
        switch rule {
        case .sameHost:
            // No page, then, but a program; and the credential is none that browsers send unasked.
            if origin.isEmpty { return nil }
            return isOrigin(origin, of: authority) ? nil : .other
        case .listed(let origins):
            if origin.isEmpty { return .missing }
            return origins.contains { isSame($0, origin) } ? nil : .foreign
        }
    }

    /// Whether `origin` is the serialisation (RFC 6454 § 6.2) of http or https at this host and port. The
    /// scheme is the browser's: TLS may end in front of us.
    private static func isOrigin(_ origin: Span<UInt8>, of authority: Span<UInt8>) -> Bool {
        for (scheme, port) in schemes where origin.starts(with: scheme) {
            var named: [UInt8] = []
            let rest = origin.extracting(scheme.count..<origin.count)
            guard Authority.canonicalise(rest, into: &named) != nil else { return false }
            let own = authority.extracting(0..<withoutPort(port, authority))
            return named.span.extracting(0..<withoutPort(port, named.span)).isEqual(to: own)
        }
        return false
    }

    /// How long the authority is without the port that is the scheme's own.
    private static func withoutPort(_ port: [UInt8], _ authority: Span<UInt8>) -> Int {
        let rest = authority.count - port.count
        guard rest > 0, authority.extracting(rest..<authority.count).starts(with: port) else {
            return authority.count
        }
        return rest
    }

    private static func isSame(_ listed: String, _ origin: Span<UInt8>) -> Bool {
        let bytes = Array(listed.utf8)
        return bytes.count == origin.count && origin.starts(with: bytes)
    }

    private static let schemes = [
        (Array("http://".utf8), Array(":80".utf8)), (Array("https://".utf8), Array(":443".utf8)),
    ]
}

extension Span<UInt8> {
    fileprivate func starts(with prefix: [UInt8]) -> Bool {
        guard count >= prefix.count else { return false }
        for index in prefix.indices where self[index] != prefix[index] { return false }
        return true
    }

    fileprivate func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }
}
