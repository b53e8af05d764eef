import Cryptography
import TestSupport
import Testing

/// `token verify`, `token inspect` and `keys fetch` against a real HTTPS server.
@Suite("commands that fetch keys", .blocking, .serialized)
struct RemoteKeyCommandTests {
    private let key: TestKey
    private let server: KeyServer
    private let folder: TemporaryFolder
    private let configuration: String

    init() throws {
        key = try TestKey(.es256, keyID: "first")
        server = try KeyServer.start(keys: [key])
        folder = try TemporaryFolder("remote-keys")
        try folder.write(
            "policy.yaml",
            """
            version: 1
            issuers:
              corp: {issuer: "\(server.issuer)", audience: [app], subject_prefix: "corp:"}
              other: {issuer: "https://other.test", audience: [app], subject_prefix: "other:"}
            roles: {viewer: {}}
            routes: [{id: home, match: GET /, allow: {role: viewer}}]
            """)
        configuration = try folder.write(
            "ostiary.yaml",
            """
            version: 1
            policy: policy.yaml
            issuers:
              corp: {discovery: true, ca: "\(server.certificateFile)", allow_private_addresses: true}
              other: {jwks_url: "https://other.test/jwks.json"}
            """)
    }

    @Test("a token is verified with keys that are found through the issuer's metadata")
    func discovered() throws {
        let result = try verify(try token())
        #expect(result.status == 0 && result.error == "")
        let lines = result.output.split(separator: "\n")
        #expect(
            lines.prefix(4) == [
                "valid: accepted from the issuer `corp`", "  subject   corp:alice",
                "  roles     viewer",
                "  key       first, ES256, fetched from \(server.keySetURL)",
            ])
        #expect(server.requestCount(KeyServer.metadataPath) == 1 && server.fetchCount == 1)
    }

    @Test("only the keys of the token's issuer are fetched, and none for a token that is refused")
    func onlyWhatIsNeeded() throws {
        let foreign = try verify(try token(changing: { $0.setting("iss", "\"https://no.test\"") }))
        #expect(foreign.status == 1 && foreign.output.hasPrefix("not valid: token_issuer: "))
        let malformed = try verify("a.b.c")
        #expect(malformed.status == 1 && malformed.output.hasPrefix("not valid: token_malformed: "))
        let symmetric = try verify(
            TokenForger.token(
                header: #"{"typ":"at+jwt","alg":"HS256","kid":"first"}"#, payload: claims().json,
                signature: [0]))
        #expect(symmetric.status == 1 && symmetric.output.hasPrefix("not valid: token_alg: "))
        #expect(server.requests.isEmpty)
    }

    @Test("a key that the issuer does not have is told with those that it has")
    func unknownKey() throws {
        let result = try verify(try token(key: try TestKey(.es256, keyID: "unknown")))
        #expect(result.status == 1)
        #expect(result.output.hasPrefix("not valid: token_unknown_key: "))
        #expect(result.output.contains("  accepted  `first` of the issuer `corp`\n"))
        #expect(server.fetchCount == 1)
    }

    @Test(
        "keys that cannot be fetched are no word about the token, and the reason is told",
        arguments: [
            (KeyServerMode.status(500), "answers with status 500"),
            (.html, "answered HTML, not a key set"),
            (.emptySet, "the set holds no key that can verify tokens"),
            (.privateMember, "the key set holds a private or symmetric key"),
            (.redirectToHTTP, "redirect"), (.silence, "2 s"),
        ])
    func unavailable(mode: KeyServerMode, reason: String) throws {
        server.mode = mode
        let result = try verify(try token())
        #expect(result.status == 1 && result.error == "")
        #expect(result.output.hasPrefix("not valid: keys_unavailable: "))
        #expect(result.output.contains(reason), "\(result.output)")
        let fetched = try OstiaryCommand.run(["keys", "fetch", "corp", "--config", configuration])
        #expect(fetched.status == 1 && fetched.output == "")
        #expect(fetched.complaints.count == 1 && fetched.error.contains(reason), "\(fetched.error)")
        #expect(
            fetched.error.hasPrefix("ostiary: the keys of `corp` could not be fetched: "),
            "\(fetched.error)")
    }

    @Test("metadata of another issuer is refused")
    func otherIssuer() throws {
        server.metadata = .issuer(server.issuer + "/")
        let result = try OstiaryCommand.run(["keys", "fetch", "corp", "--config", configuration])
        #expect(result.status == 1 && result.complaints.count == 1)
        #expect(
            result.error.contains("its `issuer` is `\(server.issuer)/`, and a slash"),
            "\(result.error)")
    }

    @Test("an address that is not public is not fetched from unless that is allowed")
    func guarded() throws {
        let policy = try folder.write(
            "guarded.yaml",
            """
            version: 1
            issuers: {corp: {issuer: "https://id.test", audience: [app]}}
            routes: [{id: home, match: GET /, auth: public}]
            """)
        let file = try folder.write("plain.yaml", "version: 1\npolicy: \(policy)\n")
        let result = try OstiaryCommand.run([
            "keys", "fetch", "corp", "--config", file, "--set",
            "issuers.corp.jwks_url=\(server.keySetURL)",
        ])
        #expect(result.status == 78 && result.complaints.count == 1)
        #expect(result.error.contains("issuers.corp.allow_private_addresses: true"))
        #expect(server.connectionCount == 0)
    }

    @Test("a server whose certificate the system does not trust is refused")
    func untrusted() throws {
        let result = try OstiaryCommand.run([
            "keys", "fetch", server.issuer, "--allow-private-addresses",
        ])
        #expect(result.status == 1 && result.complaints.count == 1)
        #expect(result.error.hasSuffix("name its certificate (`ca`)\n"), "\(result.error)")
        #expect(server.requests.isEmpty)
    }

    @Test("keys fetch shows each key, and those that are not used with the reason")
    func table() throws {
        server.keys = [
            key, try TestKey(.edDSA, keyID: "second"), try TestKey(.es384, keyID: "third"),
        ]
        server.mode = .someUnusable
        let result = try OstiaryCommand.run(["keys", "fetch", "corp", "--config", configuration])
        #expect(result.status == 0 && result.error == "")
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "keys of `corp`, from \(server.keySetURL):")
        #expect(
            lines.dropFirst(2).prefix(4) == [
                "kid      type     alg    use", "first    P-256    ES256  signatures",
                "second   Ed25519  EdDSA  signatures",
                "third    P-384    ES384  none: the policy accepts none of its algorithms",
            ])
        #expect(lines[6].hasPrefix("strange  ?        ?      not used: "))
        #expect(lines[7].hasPrefix("broken   ?        ?      not used: "))
    }

    @Test("the set that keys fetch prints verifies tokens as a file")
    func keySet() throws {
        server.mode = .someUnusable
        let arguments = [
            "keys", "fetch", server.issuer, "--jwks", "--allow-private-addresses", "--ca",
            server.certificateFile,
        ]
        let result = try OstiaryCommand.run(arguments)
        #expect(result.status == 0 && result.error == "")
        let file = try folder.write("jwks.json", result.output)
        #expect(!result.output.contains("strange"))
        let verified = try OstiaryCommand.run(
            ["token", "verify", "--key", file, "--audience", "app"], input: try token())
        #expect(verified.status == 0, "\(verified.output)")
    }

    @Test("an issuer that is only on the command line is asked for its keys")
    func named() throws {
        let network = ["--allow-private-addresses", "--ca", server.certificateFile]
        for place in [["--issuer", server.issuer], ["--jwks-url", server.keySetURL]] {
            let result = try OstiaryCommand.run(
                ["token", "verify", "--audience", "app"] + place + network, input: try token())
            #expect(result.status == 0, "\(result.output)\(result.error)")
            #expect(result.output.contains("fetched from \(server.keySetURL)\n"))
        }
        let other = try OstiaryCommand.run(
            ["token", "verify", "--issuer", server.issuer, "--audience", "other"] + network,
            input: try token())
        #expect(other.status == 1 && other.output.hasPrefix("not valid: token_audience: "))
    }

    @Test("inspecting with a configuration fetches too, and nothing shows the token")
    func inspecting() throws {
        let token = try token()
        let result = try OstiaryCommand.run(
            ["token", "inspect", "--config", configuration], input: token)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("valid: accepted from the issuer `corp`\n"))
        #expect(!result.output.contains(token))
        #expect(
            server.requests.allSatisfy { request in
                request.values("authorization").isEmpty && request.values("cookie").isEmpty
            })
    }

    @Test("an issuer that is not in the policy is one line")
    func unknownIssuer() throws {
        let result = try OstiaryCommand.run(["keys", "fetch", "crop", "--config", configuration])
        #expect(result.status == 1)
        #expect(result.error == "ostiary: the policy has no issuer `crop`; did you mean `corp`?\n")
    }

    private func verify(_ token: String) throws -> CommandResult {
        try OstiaryCommand.run(["token", "verify", "--config", configuration], input: token)
    }

    private func claims() -> ClaimSet {
        ClaimSet(subject: "alice", roles: ["viewer"])
            .setting("iss", "\"\(server.issuer)\"").setting("aud", "\"app\"")
    }

    private func token(
        key: TestKey? = nil, changing change: (ClaimSet) -> ClaimSet = { $0 }
    ) throws -> String {
        let key = key ?? self.key
        return try TokenForger.token(
            header: TokenForger.header(key), payload: change(claims()).json, signedBy: key)
    }
}
