import TestSupport
import Testing

@testable import ReverseProxy

@Suite("FieldNameTable")
struct FieldNameTableTests {
    private func kind(_ name: String, _ table: FieldNameTable = requestNames) -> FieldKind {
        // Not at offset 0, so that a wrong offset shows.
        let bytes = wireBytes("??" + name + ": v")
        return table.kind(of: ByteRange(2, 2 + name.utf8.count), in: bytes.span)
    }

    static let named = [
        "x-auth-user", "x-auth-roles", "forwarded", "x-forwarded-port", "x-forwarded-prefix",
        "x-forwarded-uri", "x-original-url", "x-rewrite-url", "x-http-method-override",
        "x-method-override", "x-http-method", "script-name", "path-info", "proxy", "x-real-ip",
        "remote-user", "x-remote-user", "x-webauth-user", "x-forwarded-user", "x-forwarded-email",
        "x-forwarded-groups", "x-forwarded-access-token", "x-userinfo", "x-consumer-id",
        "x-authenticated-user", "client-cert", "x-ssl-client-s-dn", "x-jwt-assertion",
        "x-goog-iap-jwt-assertion", "x-accel-mapping", "x-sendfile-type",
    ]

    static let prefixed = [
        "x-ostiary-assertion", "x-ostiary-", "x-auth-request-user", "x-authentik-username",
        "x-pomerium-claim-email", "x-goog-authenticated-user-email", "x-ms-client-principal",
        "x-ms-client-principal-name", "x-ms-token-aad-id-token", "x-amzn-oidc-data",
        "tailscale-user-login", "cf-access-jwt-assertion", "oidc-claim-sub",
        "shib-identity-provider",
        "mellon-user", "x-appengine-user-email", "x-envoy-original-path",
        "x-middleware-subrequest", "x-forwarded-anything",
    ]

    @Test("reserved names are known in every letter case", arguments: named + prefixed)
    func everyLetterCase(_ name: String) {
        var random = SeededGenerator(for: name)
        #expect(kind(name) == .reserved)
        #expect(kind(name.uppercased()) == .reserved)
        for _ in 0..<propertyRounds(20) {
            let mixed = name.map { Bool.random(using: &random) ? $0.uppercased() : String($0) }
            #expect(kind(mixed.joined()) == .reserved)
        }
    }

    @Test(
        "what only looks like a reserved name is ordinary",
        arguments: named.filter { !$0.hasPrefix("x-forwarded-") })
    func nearMisses(_ name: String) {
        #expect(kind(name + "1") == .ordinary)
        #expect(kind("1" + name) == .ordinary)
        #expect(kind(String(name.dropLast())) == .ordinary)
    }

    @Test(
        "protocol fields have their own kinds, whatever the policy injects",
        arguments: [
            ("Connection", .connection), ("UPGRADE", .upgrade), ("host", .host),
            ("Content-Length", .contentLength), ("transfer-encoding", .transferEncoding),
            ("Authorization", .authorization), ("Expect", .expect),
            ("X-Forwarded-For", .forwardedFor), ("X-Forwarded-Proto", .forwardedProto),
            ("X-Forwarded-Host", .forwardedHost), ("Keep-Alive", .hopByHop),
            ("Proxy-Connection", .hopByHop), ("Proxy-Authorization", .hopByHop), ("TE", .hopByHop),
            ("Trailer", .hopByHop), ("HTTP2-Settings", .hopByHop),
        ] as [(String, FieldKind)])
    func protocolNames(_ name: String, _ expected: FieldKind) {
        #expect(kind(name) == expected)
        let table = ReservedNames.requestTable(injected: [name.lowercased()])
        #expect(kind(name, table) == expected)
    }

    @Test(
        "other names are ordinary",
        arguments: [
            "Accept", "Cookie", "User-Agent", "Content-Type", "X", "1", "-", "X-Request-Id", "Hos",
            "Hosts", "Content-Lengt", "Content-Length2", "Transfer-Encodin", "T", "X-Auth",
            "X-Auth-User-Name", "Tailscale", "X-Ostiary", "Sec-Fetch-Site", "Traceparent",
        ])
    func ordinary(_ name: String) {
        #expect(kind(name) == .ordinary)
    }

    @Test("a name is told by all its bytes, not by its length modulo something")
    func longNames() {
        let host = "host" + String(repeating: "x", count: 64)
        #expect(kind(host) == .ordinary)
        #expect(kind(String(repeating: "h", count: 60_000)) == .ordinary)
        let long = String(repeating: "long-", count: 20) + "name"
        let table = ReservedNames.requestTable(injected: [long])
        #expect(kind(long.uppercased(), table) == .reserved)
        #expect(kind(String(long.dropLast()), table) == .ordinary)
    }

    @Test(
        "an injected name with other bytes reserves its plain spelling",
        arguments: [
            ("my_user", "My-User"), ("my.user", "MY-USER"), ("my~user!", "my-user-"),
            ("_user", "-user"), ("x_auth_user", "X-Auth-User"),
        ])
    func foldedInjectedNames(_ injected: String, _ plain: String) {
        let table = ReservedNames.requestTable(injected: [injected])
        #expect(kind(plain, table) == .reserved)
    }

    @Test("an answer's identity fields are known, and its other fields are its own")
    func answers() {
        #expect(kind("X-Auth-User", responseNames) == .reserved)
        #expect(kind("X-Ostiary-Assertion", responseNames) == .reserved)
        #expect(kind("Authorization", responseNames) == .ordinary)
        #expect(kind("Host", responseNames) == .ordinary)
        #expect(kind("Set-Cookie", responseNames) == .ordinary)
        #expect(kind("Transfer-Encoding", responseNames) == .transferEncoding)
    }
}
