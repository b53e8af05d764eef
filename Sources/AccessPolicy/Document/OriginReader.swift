import StrictYAML

/// Reads origins as browsers write them in `Origin` (RFC 6454 § 6.2), so that comparing bytes is
/// enough.
enum OriginReader {
    /// The origin; nil after a report.
    static func read(_ origin: Located<String>, _ sink: DiagnosticSink) -> String? {
        let text = origin.value
        func refuse(_ problem: String, _ suggestion: String) -> String? {
            sink.report(
                "bad_origin", at: origin.position, "origin `\(text)` \(problem)",
                suggestion: suggestion)
            return nil
        }
        if text == "null" {
            return refuse(
                "is that of every sandboxed page, whoever wrote it", "name a scheme and a host")
        }
        guard let separator = text.firstRange(of: "://"), isScheme(text[..<separator.lowerBound])
        else { return refuse("has no scheme", "write for example `https://\(hint(text))`") }
        let scheme = text[..<separator.lowerBound].lowercased()
        var authority = text[separator.upperBound...]
        if let end = authority.firstIndex(where: { "/?#".contains($0) }) {
            authority = authority[..<end]
        }
        if authority.contains("*") {
            return refuse("holds a wildcard, and origins are compared whole", "name each one")
        }
        guard !authority.contains("@"), let (host, port) = split(authority.lowercased()) else {
            return refuse("has no usable host", "write for example `https://app.example.com`")
        }
        let isDefault = scheme == "https" && port == 443 || scheme == "http" && port == 80
        let shown = port.flatMap { isDefault ? nil : ":\($0)" } ?? ""
        let canonical = "\(scheme)://\(host)\(shown)"
        guard canonical == text else {
            return refuse("is not as browsers write it", "write `\(canonical)`")
        }
        return canonical
    }

    private static func split(_ authority: String) -> (host: String, port: Int?)? {
        var host = authority[...]
        var port: Int?
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            guard
                let number = Quantity.integer(String(authority[authority.index(after: colon)...])),
                (1...65_535).contains(number)
            else { return nil }
            port = number
            host = authority[..<colon]
        }
        guard HostReader.isHost(host) else { return nil }
        return (String(host), port)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                switch $0 | 0x20 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                default:
                    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || "+-.".utf8.contains($0)
                }
            }
    }

    private static func hint(_ text: String) -> String {
        HostReader.isHost(text.lowercased()[...]) ? text.lowercased() : "app.example.com"
    }
}
