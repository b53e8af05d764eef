internal import AccessPolicy

/// Whether a request calls this machine by an address or name of its own.
///
/// A page in a browser on this machine may have its own name resolve to a loopback address, and then
/// read what answers there. Its requests still carry that name as their host.
enum LocalName {
    /// `authority` is the request's `Host`, with or without a port; browsers always send one.
    static func isMeant(by authority: String?) -> Bool {
        guard let authority else { return true }
        let host: Substring
        if authority.hasPrefix("[") {
            host = authority.dropFirst().prefix { $0 != "]" }
        } else {
            host = authority.prefix { $0 != ":" }
        }
        return host.lowercased() == "localhost" || IPAddress(host)?.isLoopback == true
    }
}
