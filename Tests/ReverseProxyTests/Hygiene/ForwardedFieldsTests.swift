import AccessPolicy
import TestSupport
import Testing

@testable import ReverseProxy

@Suite("ForwardedFields")
struct ForwardedFieldsTests {
    private func lines(
        _ peer: String?, trusted: [String] = [], authority: String = "app.test",
        claims: ForwardedFields.Claims? = nil
    ) throws -> [String] {
        let fields = ForwardedFields(
            peerAddress: peer, trustedPeers: trusted.compactMap(CIDR.init(text:)))
        let bytes = wireBytes(authority)
        let block =
            if let claims {
                fields.lines(authority: bytes.span, claims: claims)
            } else {
                fields.lines(authority: bytes.span)
            }
        return latin1(block).split(separator: "\r\n").map(String.init)
    }

    @Test("tells of the connection itself")
    func direct() throws {
        #expect(
            try lines("192.0.2.7") == [
                "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: http",
                "X-Forwarded-Host: app.test", "X-Forwarded-Port: 80",
                "Forwarded: for=192.0.2.7;host=\"app.test\";proto=http",
            ])
    }

    @Test("quotes what RFC 7239 wants quoted")
    func quoted() throws {
        #expect(
            try lines("2001:db8::1", authority: "[::1]:8080") == [
                "X-Forwarded-For: 2001:db8::1", "X-Forwarded-Proto: http",
                "X-Forwarded-Host: [::1]:8080", "X-Forwarded-Port: 8080",
                "Forwarded: for=\"[2001:db8::1]\";host=\"[::1]:8080\";proto=http",
            ])
        #expect(try lines("::ffff:192.0.2.7").first == "X-Forwarded-For: 192.0.2.7")
    }

    @Test(
        "tells the port that the client named, or the scheme's",
        arguments: [
            ("app.test", "80"), ("app.test:8443", "8443"), ("[::1]", "80"), ("[::1]:1", "1"),
        ])
    func port(_ authority: String, _ port: String) throws {
        #expect(try lines("1.2.3.4", authority: authority)[3] == "X-Forwarded-Port: \(port)")
    }

    @Test("a connection without an address is unknown")
    func noAddress() throws {
        #expect(try lines(nil).last?.hasPrefix("Forwarded: for=unknown;") == true)
    }

    @Test("keeps the block for the next request for the same authority, and only for it")
    func kept() throws {
        let fields = ForwardedFields(peerAddress: "1.2.3.4", trustedPeers: [])
        for authority in ["app.test", "app.test", "app.tesT", "app.test:80", "app.test", "x"] {
            let bytes = wireBytes(authority)
            let block = latin1(fields.lines(authority: bytes.span))
            #expect(block.contains("\r\nX-Forwarded-Host: \(authority)\r\n"))
        }
    }

    @Test("trusts a peer by its address only")
    func trust() {
        func isTrusted(_ peer: String?, _ blocks: [CIDR]) -> Bool {
            ForwardedFields(peerAddress: peer, trustedPeers: blocks).isTrusted
        }
        let blocks = ["10.0.0.0/8", "2001:db8::/32"].compactMap(CIDR.init(text:))
        #expect(isTrusted("10.1.2.3", blocks))
        #expect(isTrusted("::ffff:10.1.2.3", blocks))
        #expect(isTrusted("2001:db8::1", blocks))
        #expect(!isTrusted("11.0.0.1", blocks))
        #expect(!isTrusted("::1", blocks))
        #expect(!isTrusted(nil, blocks))
        #expect(!isTrusted("10.1.2.3", []))
    }

    @Test("a trusted peer's chain goes on, with the peer behind it")
    func chain() throws {
        let claims = ForwardedFields.Claims(
            chain: "198.51.100.4", proto: "https", host: "public.test")
        #expect(
            try lines("10.0.0.1", trusted: ["10.0.0.0/8"], claims: claims) == [
                "X-Forwarded-For: 198.51.100.4, 10.0.0.1", "X-Forwarded-Proto: https",
                "X-Forwarded-Host: public.test", "X-Forwarded-Port: 443",
                "Forwarded: for=198.51.100.4;host=\"public.test\";proto=https",
            ])
    }

    @Test(
        "H10: in a trusted chain a client's own claims are not believed",
        arguments: [
            ("127.0.0.1, 198.51.100.4", "198.51.100.4"),
            ("127.0.0.1, 198.51.100.4, 10.9.9.9", "198.51.100.4, 10.9.9.9"),
            ("10.1.1.1, 198.51.100.4", "198.51.100.4"),
            ("10.1.1.1, 10.2.2.2", "10.1.1.1, 10.2.2.2"),
            ("::1, 2001:DB8:0::1", "2001:db8::1"), ("1.1.1.1,2.2.2.2", "2.2.2.2"),
        ])
    func claimedChain(_ chain: String, _ believed: String) throws {
        let claims = ForwardedFields.Claims(chain: chain)
        let lines = try lines("10.0.0.1", trusted: ["10.0.0.0/8"], claims: claims)
        #expect(lines[0] == "X-Forwarded-For: \(believed), 10.0.0.1")
        let client = believed.split(separator: ",")[0]
        let node = client.contains(":") ? "\"[\(client)]\"" : "\(client)"
        #expect(lines.last?.hasPrefix("Forwarded: for=\(node);") == true)
    }

    @Test(
        "H10: a list with one entry that is no address is not believed at all",
        arguments: [
            "a", "unknown", "", ",", "1.2.3.4,", "1.2.3.4, x", "1.2.3.4:80", "[::1]", "1.2.3.4 5",
            "01.2.3.4", "1.2.3", "::1%lo", "1.2.3.4\"", "1.2.3.4;", "_hidden",
            Array(repeating: "1.2.3.4", count: 200).joined(separator: ", "),
        ])
    func unreadableChain(_ chain: String) throws {
        let claims = ForwardedFields.Claims(chain: chain)
        let lines = try lines("10.0.0.1", trusted: ["10.0.0.0/8"], claims: claims)
        #expect(lines[0] == "X-Forwarded-For: 10.0.0.1")
        #expect(lines.last == "Forwarded: for=10.0.0.1;host=\"app.test\";proto=http")
    }

    @Test(
        "a trusted peer's other claims are believed only in plain forms",
        arguments: [
            "", "evil\"; proto=x", "a b", "a,b", "a;b", "a/b", "a@b", "a\\b", "\u{e4}",
            String(repeating: "a", count: 261),
        ])
    func oddHost(_ host: String) throws {
        let claims = ForwardedFields.Claims(proto: "javascript", host: host)
        let lines = try lines("10.0.0.1", trusted: ["10.0.0.0/8"], claims: claims)
        #expect(lines[1] == "X-Forwarded-Proto: http")
        #expect(lines[2] == "X-Forwarded-Host: app.test")
    }
}

extension CIDR {
    /// Reads `address/length`; nil for anything else.
    fileprivate init?(text: String) {
        let parts = text.split(separator: "/")
        guard parts.count == 2, let base = IPAddress(parts[0]), let length = Int(parts[1]) else {
            return nil
        }
        self.init(base: base, prefixLength: length)
    }
}
