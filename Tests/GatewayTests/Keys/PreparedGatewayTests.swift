import Foundation
import Gateway
import StrictYAML
import TestSupport
import Testing

@Suite("Keys and what serving loads")
struct PreparedGatewayTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("prepared") }

    @Test("the first start makes one key, later ones use it")
    func firstStart() throws {
        #expect(try prepare(making: false).signingKeys == nil)
        let first = try #require(try prepare().signingKeys)
        let second = try #require(try prepare().signingKeys)
        #expect(first.keys.count == 1 && second.keys.count == 1)
        #expect(try keyFiles().count == 1)
    }

    @Test("the newest key file signs, all are loaded, other files are left alone")
    func severalKeys() async throws {
        _ = try prepare()
        let newer = try generate("data/keys/a.pem", algorithm: "EdDSA")
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: 60)], ofItemAtPath: "\(newer)")
        try folder.write("data/keys/README", "not a key")
        try folder.write("data/keys/.hidden.pem", "not a key")
        let store = try #require(try prepare().signingKeys)
        #expect(store.keys.count == 2)
        let sources = ConfigurationSources(
            file: "\(folder.path)/ostiary.yaml", flags: [], environment: [:])
        let token = try TokenMinting(subject: "alice", sources: sources).run(now: 1)
        let report = try await TokenInspecting(.none).run(Array(token.utf8), now: 2)
        #expect(report.lines.contains { $0.contains("\"EdDSA\"") })
    }

    @Test(
        "a route that the gateway's own endpoints hide is refused, one beside them is not",
        arguments: [
            ("/_ostiary/**", true), ("/_ostiary", true), ("/_ostiary/v1/me", true),
            ("/.well-known/jwks.json", true), ("/_ostiary-app/**", false),
            ("/.well-known/security.txt", false), ("/**", false),
        ])
    func hiddenRoute(pattern: String, isHidden: Bool) {
        func policy(_ issuers: String) -> String {
            """
            version: 1
            issuers: {\(issuers)}
            roles: {viewer: {}}
            routes: [{id: mine, match: "GET \(pattern)", allow: {role: viewer}}]
            """
        }
        let found = problems(policy: policy("local: {embedded: true}"))
        #expect(found.count == (isHidden ? 1 : 0), "\(found)")
        #expect(
            found.allSatisfy {
                $0.contains("the route `mine`") && $0.contains("answers `\(pattern)` itself")
            })
    }

    @Test("a key that others can read is refused with what to do")
    func readable() throws {
        _ = try prepare()
        let file = try #require(try keyFiles().first)
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
        #expect(
            problems() == [
                "the signing key `\(file)` cannot be used: "
                    + "others can read it (mode 640); run `chmod 600 \(file)`"
            ])
    }

    @Test("a key folder that others can write to is refused with what to do")
    func writable() throws {
        _ = try prepare()
        let keys = "\(folder.path)/data/keys"
        try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: keys)
        #expect(
            problems() == [
                "ostiary.yaml:3:7: `data` cannot be used: cannot use the folder `\(keys)`: "
                    + "others can write to it (mode 770); run `chmod 700 \(keys)`"
            ])
    }

    @Test("each broken key is named, and no new key is made in its place")
    func broken() throws {
        try folder.write("data/keys/a.pem", "not a key")
        try folder.write("data/keys/b.pem", "")
        let found = problems()
        #expect(found.count == 2)
        #expect(
            found[0].hasPrefix("the signing key `\(folder.path)/data/keys/a.pem` cannot be used: "))
        #expect(
            found[1].hasPrefix("the signing key `\(folder.path)/data/keys/b.pem` cannot be used: "))
        #expect(try keyFiles().count == 2)
    }

    @Test("a data folder that is a file is refused")
    func dataIsFile() throws {
        try folder.write("data", "x")
        #expect(
            problems() == [
                "ostiary.yaml:3:7: `data` cannot be used: cannot make the folder "
                    + "`\(folder.path)/data/keys`: not a directory"
            ])
    }

    @Test("key sets and PEM files of an issuer are merged, by content and not by name")
    func keyFormats() throws {
        let first = try KeyGeneration(
            algorithm: "ES256", privateFile: "\(folder.path)/1.pem", publicFile: nil,
            replacing: false
        ).run()
        try folder.write("keys/one.txt", first.publicKeys)
        try folder.write("keys/two.json", try opensslPublicKey())
        let gateway = try prepare(
            policy: corpPolicy, extra: "issuers: {corp: {keys: [keys/one.txt, keys/two.json]}}")
        #expect(gateway.signingKeys == nil)
        #expect(gateway.keys.skipped == [])
    }

    @Test("keys that cannot verify are told, but harm nothing while one can")
    func skippedKeys() throws {
        let key = try KeyGeneration(
            algorithm: "ES256", privateFile: "\(folder.path)/1.pem", publicFile: nil,
            replacing: false
        ).run()
        let encryption = #"{"kty":"EC","use":"enc","kid":"e1"},"#
        try folder.write(
            "keys/set.json",
            key.publicKeys.replacing("[{", with: "[\(encryption){", maxReplacements: 1))
        let gateway = try prepare(
            policy: corpPolicy, extra: "issuers: {corp: {keys: keys/set.json}}")
        #expect(gateway.keys.skipped.count == 1)
        #expect(
            gateway.keys.skipped.first?.hasPrefix(
                "`\(folder.path)/keys/set.json`: key 1 `e1` is not used: ") == true)
    }

    @Test("a key file that cannot be used is named with the setting's place and the reason")
    func badKeyFiles() throws {
        let key = try generate("keys/private.pem", algorithm: "ES256")
        try folder.write("keys/empty.json", #"{"keys":[]}"#)
        let files = ["none.json", "empty.json", "private.pem"]
        for file in files {
            let found = problems(policy: corpPolicy, extra: "issuers: {corp: {keys: keys/\(file)}}")
            #expect(found.count == 1)
            #expect(
                found.first?.hasPrefix(
                    "ostiary.yaml:4:24: `issuers.corp.keys` names a file that cannot be used: "
                        + "`\(folder.path)/keys/\(file)`: ") == true)
        }
        #expect(
            problems(policy: corpPolicy, extra: "issuers: {corp: {keys: keys/none.json}}").first?
                .hasSuffix(": no such file or directory") == true)
        #expect(!key.isEmpty)
    }

    @Test("an issuer without keys, and keys without an issuer, are errors that name the setting")
    func mismatch() throws {
        try folder.write("k.json", "{}")
        let advice =
            "set `issuers.corp.discovery: true`, `issuers.corp.jwks_url`, `issuers.corp.keys` to its "
            + "key files, or `issuers.corp.jwks` to the keys themselves"
        for setting in ["discovery: false", "denied_keys: [a]"] {
            let name = setting.prefix { $0 != ":" }
            #expect(
                problems(policy: corpPolicy, extra: "issuers: {corp: {\(setting)}}") == [
                    "ostiary.yaml:4:\(20 + name.count): `issuers.corp.\(name)` is no source of keys, "
                        + "and the policy `\(folder.path)/policy.yaml` accepts the issuer `corp`; "
                        + advice
                ])
        }
        #expect(
            problems(policy: corpPolicy, extra: "issuers: {corpo: {keys: k.json}}") == [
                "ostiary.yaml:4:25: `issuers.corpo.keys` belongs to no issuer of the policy "
                    + "`\(folder.path)/policy.yaml`; did you mean `corp`?",
                "\(folder.path)/policy.yaml:2:11: the policy `\(folder.path)/policy.yaml` accepts the "
                    + "issuer `corp`, but the configuration has no keys of it; \(advice)",
            ])
        #expect(
            problems(extra: "issuers: {local: {keys: k.json}}") == [
                "ostiary.yaml:4:25: `issuers.local.keys` must not be set: the issuer is embedded, "
                    + "its keys are in the data folder; remove it"
            ])
    }

    @Test("an issuer that is called like the public URL is refused beside the embedded one")
    func sameIssuer() throws {
        let key = try KeyGeneration(
            algorithm: "ES256", privateFile: "\(folder.path)/1.pem", publicFile: nil,
            replacing: false
        ).run()
        try folder.write("k.json", key.publicKeys)
        let policy = """
            version: 1
            issuers:
              local: {embedded: true}
              corp: {issuer: "http://127.0.0.1:8080", audience: [app], subject_prefix: "corp:"}
            routes: [{id: home, match: GET /, auth: public}]
            """
        let found = problems(policy: policy, extra: "issuers: {corp: {keys: k.json}}")
        #expect(
            found == [
                "\(folder.path)/policy.yaml:4:3: the issuer `corp` of the policy "
                    + "`\(folder.path)/policy.yaml` is called "
                    + "`http://127.0.0.1:8080` like the embedded issuer `local`: "
                    + "a token could not be told apart; change `public_url`, or remove one of the two"
            ])
    }

    @Test("the policy's fingerprint is the SHA-256 of its bytes")
    func fingerprint() throws {
        let policy = "version: 1\nroutes: [{id: home, match: GET /, auth: public}]\n"
        let gateway = try prepare(policy: policy)
        let expected = try Shell().output(
            "sha256sum \(folder.path)/policy.yaml | cut -d' ' -f1 | tr -d '\\n'")
        #expect(gateway.policy.fingerprint == expected)
    }

    private let corpPolicy = """
        version: 1
        issuers: {corp: {issuer: "https://id.test", audience: [app]}}
        routes: [{id: home, match: GET /, auth: public}]
        """

    /// Loads a configuration with a data folder, a policy (nil: the built-in one) and a fourth line.
    private func prepare(
        policy: String? = nil, extra: String = "", making: Bool = true
    ) throws -> PreparedGateway {
        if let policy { try folder.write("policy.yaml", policy) }
        let file = try folder.write(
            "ostiary.yaml",
            """
            version: 1
            upstreams: {app: {url: http://127.0.0.1:8050}}
            data: data
            \(extra)
            \(policy == nil ? "" : "policy: policy.yaml")
            """)
        let configuration = try loadConfiguration(file: file, flags: [], environment: [:])
        return try PreparedGateway.load(configuration, makingKeys: making)
    }

    private func problems(policy: String? = nil, extra: String = "") -> [String] {
        do {
            _ = try prepare(policy: policy, extra: extra)
            return []
        } catch let error as Diagnostics {
            return error.all.map {
                $0.description.replacing("\(folder.path)/ostiary.yaml", with: "ostiary.yaml")
            }
        } catch {
            return ["\(error)"]
        }
    }

    private func keyFiles() throws -> [String] {
        let keys = "\(folder.path)/data/keys"
        return try FileManager.default.contentsOfDirectory(atPath: keys)
            .filter { $0.hasSuffix(".pem") }.map { "\(keys)/\($0)" }
    }

    private func generate(_ name: String, algorithm: String) throws -> String {
        let path = try folder.write(name, "")
        _ = try KeyGeneration(
            algorithm: algorithm, privateFile: path, publicFile: "\(folder.path)/public.json",
            replacing: true
        ).run()
        return path
    }

    private func opensslPublicKey() throws -> String {
        try Shell().output(
            "openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout")
    }
}
