import AccessPolicy
import Admission
import Cryptography
@testable import ReverseProxy

/// What is written for the app is one request with the meaning that was decided on, and nobody but the
/// gateway speaks for the gateway in it.
enum ForwardInvariants {
    static let policy = """
        version: 1
        hosts: [app.test]
        issuers: {fuzz: {issuer: "\(FuzzKeys.issuer)", audience: [app], algorithms: [EdDSA]}}
        claims: {subject: sub}
        defaults: {identity: {headers: {X-Auth-User: subject}}}
        routes:
          - {id: all, match: "ANY /**", auth: public}
          - {id: own, match: "ANY /own/**", auth: required}
          - {id: ws, match: "WEBSOCKET /ws", auth: public}

        """

    static func seeds() throws(BrokenInvariant) -> [[UInt8]] {
        let keys = try FuzzKeys.shared()
        let claims =
            #"{"iss":"\#(FuzzKeys.issuer)","aud":"app","sub":"alice","exp":\#(FuzzKeys.now + 600)}"#
        let token = String(
            decoding: try keys.signed(.edDSA, keys.ed25519, payload: Array(claims.utf8)),
            as: UTF8.self)
        return [
            "GET /a;b/c%20d?e=f HTTP/1.1\r\nHost: app.test\r\nAccept:*/*\r\nX-A: b\r\n\r\n",
            "POST /own/x HTTP/1.1\r\nHost: app.test:443\r\nAuthorization: Bearer \(token)\r\n"
                + "Content-Length: 5\r\nX-Auth-User: root\r\nX_Auth_User: root\r\n\r\n",
            "PUT /own/%61 HTTP/1.1\r\nauthorization: bearer \(token)\r\nHost: APP.test\r\n"
                + "Transfer-Encoding: chunked\r\nX-Original-URL: /admin\r\n\r\n",
            "GET / HTTP/1.0\r\nHost: app.test.\r\nForwarded: for=1\r\nX-Forwarded-For: ::1\r\n\r\n",
            "DELETE http://app.test/a HTTP/1.1\r\nHost: app.test\r\nTE: trailers\r\n\r\n",
        ].map { Array($0.utf8) }
    }

    static let forwarded = "X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: http\r\n"

    static func check(_ input: [UInt8], _ session: FuzzSession) throws(BrokenInvariant) {
        var parser = RequestHeadParser()
        guard
            case .head(let head) = parser.parse(
                input.span, names: WireNames.requests, limits: WireNames.limits),
            let request = try? CanonicalRequest(
                input.span, head.parts, defaultAuthority: Array("127.0.0.1:1".utf8),
                recycling: CanonicalRequest.Storage())
        else { return }
        let arrival = Arrival(client: nil, now: FuzzKeys.now, milliseconds: 0)
        guard case .admitted(let permit) = session.gatekeeper.admit(request, arrival) else {
            return
        }
        var writer = ByteWriter()
        RequestHeadWriter.write(
            permit, lines: parser.fields.lines, of: input.span, framing: head.framing,
            forwarded: Array(forwarded.utf8), assertion: [], into: &writer)
        let expected = Expected(
            method: "\(permit.request.method.wireName)",
            target: text(
                permit.request.path.bytes + Array(permit.request.text[permit.request.queryRange])),
            host: text(Array(permit.request.text[permit.request.authorityRange])),
            framing: head.framing, hasIdentity: permit.bearer != nil,
            kept: parser.fields.lines.filter { $0.kind == .ordinary }.map {
                text(Array(input[$0.name.range])) + ": " + text(Array(input[$0.value.range]))
            })
        try expected.check(writer.bytes)
    }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    /// What the app must read.
    private struct Expected {
        let method: String
        let target: String
        let host: String
        let framing: BodyFraming
        let hasIdentity: Bool
        let kept: [String]

        /// What is written may be longer than what was read: the gateway's own lines, and a blank behind
        /// each colon.
        private static let appLimits = HeadLimits(
            head: 2 * WireNames.limits.head, fields: WireNames.limits.fields + 8,
            target: WireNames.limits.target)

        func check(_ written: [UInt8]) throws(BrokenInvariant) {
            var parser = RequestHeadParser()
            guard
                case .head(let head) = parser.parse(
                    written.span, names: WireNames.requests, limits: Self.appLimits)
            else { throw BrokenInvariant("what is written is a head") }
            func text(_ range: ByteRange) -> String {
                ForwardInvariants.text(Array(written[range.range]))
            }
            try invariant(head.length == written.count, "and one only")
            try invariant(text(head.method) == method, "the method is the one decided on")
            try invariant(text(head.target) == target, "the target is the one decided on")
            try invariant(
                head.facts.hostCount == 1 && text(head.facts.host) == host,
                "the host is the one decided on")
            try invariant(head.framing == framing, "the body ends where it ended")
            try invariant(head.minorVersion == 1 && head.keepsAlive, "the connection is ours")
            try checkNames(parser.fields.lines.map { (text($0.name), text($0.value)) })
            let ordinary = parser.fields.lines.filter { $0.kind == .ordinary }
            try invariant(
                ordinary.map { text($0.name) + ": " + text($0.value) } == kept,
                "ordinary fields arrive as they were")
        }

        private func checkNames(
            _ fields: [(name: String, value: String)]
        ) throws(BrokenInvariant) {
            var own: [String] = []
            for (name, value) in fields {
                let folded = name.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "-" }
                switch String(folded) {
                case "x-auth-user":
                    try invariant(hasIdentity && value == "alice", "identity is the token's")
                    own.append("identity")
                case "x-forwarded-for":
                    try invariant(value == "192.0.2.1", "the client is the peer")
                    own.append("for")
                case "x-forwarded-proto": own.append("proto")
                case "x-auth-roles", "forwarded", "x-original-url", "x-http-method-override",
                    "authorization", "connection", "upgrade", "te", "trailer", "expect",
                    "keep-alive", "proxy-connection", "x-ostiary-assertion":
                    throw BrokenInvariant("only the gateway may say \(name)")
                default: break
                }
            }
            try invariant(
                own == ["for", "proto"] + (hasIdentity ? ["identity"] : []),
                "what is the gateway's to say is said once")
        }
    }
}
