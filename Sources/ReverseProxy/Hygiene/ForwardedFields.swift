internal import AccessPolicy

/// Says to the upstream who asked, over what, and for which host: `X-Forwarded-*` and `Forwarded`
/// (RFC 7239), made anew for every request from the connection itself.
///
/// What a client sent under these names counts only when the connection comes from one of the
/// `trusted_peers`, and then only as far as it can be read: an unreadable list is worth nothing.
final class ForwardedFields {
    /// What the fields of a request from a trusted peer said.
    struct Claims {
        var chain: String?
        var proto: String?
        var host: String?
    }

    let peer: IPAddress?
    private let trustedPeers: [CIDR]
    let isTrusted: Bool
    /// The peer's address in text form, for the log.
    let peerText: String
    /// The block of the last request of this connection and the authority it was made for: both
    /// rarely change.
    private var block: [UInt8] = []
    private var blockAuthority: [UInt8] = []

    /// `peerAddress` is the text form of the peer's address, nil when it is gone already.
    init(peerAddress: String?, trustedPeers: [CIDR]) {
        let address = peerAddress.flatMap { IPAddress($0) }
        peer = address
        peerText = address?.description ?? "unknown"
        self.trustedPeers = trustedPeers
        isTrusted = address.map { peer in trustedPeers.contains { $0.contains(peer) } } ?? false
    }

    /// Who sent a request that we answer ourselves: the peer, or whom a trusted peer vouches for.
    func client(claims: Claims) -> String {
        clientAddress(claims: claims)?.description ?? "unknown"
    }

    func clientAddress(claims: Claims) -> IPAddress? {
        guard isTrusted, let text = claims.chain, let addresses = Self.addresses(in: text) else {
            return peer
        }
        return addresses[firstKnown(in: addresses)]
    }

    /// The field lines for a request for `authority`, from the connection alone.
    func lines(authority: Span<UInt8>) -> [UInt8] {
        if !isSame(authority) {
            blockAuthority = unsafe authority.withUnsafeBufferPointer { unsafe Array($0) }
            let host = String(decoding: blockAuthority, as: UTF8.self)
            block = render(chain: peerText, client: peer, proto: "http", host: host)
        }
        return block
    }

    /// The field lines for a request that a trusted peer passed on.
    func lines(authority: Span<UInt8>, claims: Claims) -> [UInt8] {
        let bytes = unsafe authority.withUnsafeBufferPointer { unsafe Array($0) }
        let own = String(decoding: bytes, as: UTF8.self)
        let proto = claims.proto == "https" || claims.proto == "http" ? claims.proto : nil
        let host = claims.host.flatMap { Self.isAuthority($0) ? $0 : nil }
        var chain = peerText
        var client = peer
        if let text = claims.chain, let addresses = Self.addresses(in: text) {
            let known = addresses[firstKnown(in: addresses)...]
            chain = known.map(\.description).joined(separator: ", ") + ", " + peerText
            client = known.first
        }
        return render(chain: chain, client: client, proto: proto ?? "http", host: host ?? own)
    }

    /// The last address that is no trusted peer is the client's; what stands before it is the
    /// client's own claim.
    private func firstKnown(in addresses: [IPAddress]) -> Int {
        addresses.lastIndex { address in !trustedPeers.contains { $0.contains(address) } } ?? 0
    }

    private func isSame(_ authority: Span<UInt8>) -> Bool {
        guard authority.count == blockAuthority.count, !blockAuthority.isEmpty else { return false }
        for index in 0..<authority.count where authority[index] != blockAuthority[index] {
            return false
        }
        return true
    }

    private func render(
        chain: String, client: IPAddress?, proto: String, host: String
    ) -> [UInt8] {
        let node = client.map { $0.isIPv6 ? "\"[\($0)]\"" : $0.description } ?? "unknown"
        let port = Self.port(of: host) ?? (proto == "https" ? "443" : "80")
        let text =
            "X-Forwarded-For: \(chain)\r\nX-Forwarded-Proto: \(proto)\r\n"
            + "X-Forwarded-Host: \(host)\r\nX-Forwarded-Port: \(port)\r\n"
            + "Forwarded: for=\(node);host=\"\(host)\";proto=\(proto)\r\n"
        return Array(text.utf8)
    }

    /// The port of an authority, nil where it names none.
    private static func port(of authority: String) -> String? {
        guard let colon = authority.lastIndex(of: ":"), authority.last != "]" else { return nil }
        return String(authority[authority.index(after: colon)...])
    }

    /// All or nothing: one entry that is no address, and the list is not believed.
    private static func addresses(in list: String) -> [IPAddress]? {
        let entries = list.split(separator: ",", omittingEmptySubsequences: false)
        guard entries.count <= 32 else { return nil }
        var addresses: [IPAddress] = []
        for entry in entries {
            var text = entry.drop { $0 == " " }
            while text.last == " " { text.removeLast() }
            guard let address = IPAddress(text) else { return nil }
            addresses.append(address)
        }
        return addresses
    }

    private static func isAuthority(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 260
            && text.utf8.allSatisfy { byte in
                ByteRules.isPlainName(byte) || byte == 0x2E || byte == 0x3A || byte == 0x5B
                    || byte == 0x5D || byte == 0x5F
            }
    }
}
