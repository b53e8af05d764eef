import Cryptography
import Foundation
import Gateway
import KeyDiscovery
import Outbound
import StrictYAML
import TestSupport
import Testing
import TokenVerification

/// From the configuration's sources and the policy's issuers to a ring and what keeps it fresh.
@Suite("Keys of other issuers")
struct VerificationKeysTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("verification-keys") }

    @Test("keys from another server are not there yet, and there is a source of them")
    func remote() throws {
        try folder.write("ca.pem", "x\n-----BEGIN CERTIFICATE-----\nAA==\n")
        let keys = try load(
            """
            {jwks_url: "https://id.test/k?a=b", ca: ca.pem, proxy: "http://proxy", timeout: 3s, \
            refresh: 1m, stale_if_error: 2h, cooldown: 10s, denied_keys: [old]}
            """)
        #expect(keys.keyRing.availability(issuerName: "corp") == .unavailable)
        #expect(keys.initial.isEmpty)
        #expect(keys.denied == [.key(issuerName: "corp", keyID: "old")])
        let source = try #require(keys.sources.first)
        #expect(
            source.location
                == .keySet(
                    HTTPFetch(
                        url: "https://id.test/k?a=b", certificateFile: "\(folder.path)/ca.pem",
                        proxy: "http://proxy:80", timeout: .seconds(3))))
        #expect(source.issuerName == "corp" && source.refreshInterval == .seconds(60))
        #expect(source.staleIfError == .seconds(7200) && source.cooldown == .seconds(10))
    }

    @Test(
        "the metadata is looked for below the issuer's URL",
        arguments: [
            ("https://id.test", "https://id.test/.well-known/openid-configuration"),
            ("https://id.test/", "https://id.test/.well-known/openid-configuration"),
            ("https://id.test/r/a", "https://id.test/r/a/.well-known/openid-configuration"),
        ])
    func discovery(issuer: String, url: String) throws {
        let source = try #require(
            try load("{discovery: true}", issuer: issuer).sources.first)
        #expect(source.location == .discovery(issuer: issuer, template: HTTPFetch(url: url)))
    }

    @Test("files are a source too, and their keys count from the start")
    func files() throws {
        try folder.write("k.json", keySet(["a", "b"]))
        let keys = try load("{keys: k.json, stale_if_error: 1h}")
        #expect(keys.keyRing.availability(issuerName: "corp") == .current)
        #expect(keys.initial["corp"]?.keys.count == 2)
        let source = try #require(keys.sources.first)
        #expect(source.location == .files(["\(folder.path)/k.json"]))
        #expect(source.staleIfError == .seconds(3600))
    }

    @Test("inline keys and secrets are fixed, and nothing is asked for more")
    func fixed() throws {
        let inline = try load("{jwks: '\(keySet(["a"]))'}")
        #expect(inline.keyRing.availability(issuerName: "corp") == .fixed)
        #expect(inline.sources.isEmpty && inline.initial.isEmpty)
        try secret("s.key", String(repeating: "s", count: 32))
        let secrets = try load(
            "{secrets: s.key}", rules: "algorithms: [HS256], allow_missing_kid: true")
        #expect(secrets.keyRing.availability(issuerName: "corp") == .fixed)
        #expect(secrets.sources.isEmpty && secrets.initial.isEmpty)
    }

    @Test("keys of a set that cannot verify are told where the set stands")
    func skippedInline() throws {
        let encryption = #"{"kty":"EC","use":"enc","kid":"e1"},"#
        let text = keySet(["a"]).replacing("[{", with: "[\(encryption){", maxReplacements: 1)
        let keys = try load("{jwks: '\(text)'}")
        #expect(keys.skipped.count == 1)
        #expect(
            keys.skipped.first?.hasPrefix("`issuers.corp.jwks`: key 1 `e1` is not used: ") == true)
    }

    @Test(
        "inline keys that cannot be used are told with the place of the setting",
        arguments: [
            ("{", "the key set is not an object with an array `keys`"),
            ("[]", "the key set is not an object with an array `keys`"),
            (#"{"keys":[]}"#, "it holds no key that can verify tokens"),
            (#"{"keys":[{"kty":"oct","k":"AA"}]}"#, "the key set holds a private or symmetric key"),
        ])
    func badInline(text: String, reason: String) {
        let found = problems("{jwks: '\(text)'}")
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix("4:24: `issuers.corp.jwks` cannot be used: \(reason)") == true,
            "\(found)")
    }

    @Test("a secret that others can read is refused with what to do")
    func readableSecret() throws {
        let path = try folder.write("s.key", String(repeating: "s", count: 32))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect(
            problems("{secrets: s.key}", rules: hs256) == [
                "4:27: `issuers.corp.secrets` names a secret that cannot be used: `\(path)`: others "
                    + "can read it (mode 644); run `chmod 600 \(path)`"
            ])
    }

    @Test(
        "a secret that cannot be used says why and never what it is",
        arguments: [
            "short-secret", "-----BEGIN PUBLIC KEY-----\nTUlJ\n-----END PUBLIC KEY-----\n",
            "{\"kty\":\"oct\",\"k\":\"c2hvcnQ\"}", "{\"keys\":[]}", "",
        ])
    func badSecret(content: String) throws {
        try secret("s.key", content)
        let found = problems("{secrets: s.key}", rules: hs256)
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix(
                "4:27: `issuers.corp.secrets` names a secret that cannot be used: ") == true)
        #expect(!(found.first ?? "").contains("short-secret"))
        #expect(!(found.first ?? "").contains("c2hvcnQ"))
    }

    @Test("secrets verify HS256, HS384 and HS512, and nothing else does")
    func kinds() throws {
        try secret("s.key", String(repeating: "s", count: 32))
        try folder.write("k.json", keySet(["a"]))
        let policy = "`\(folder.path)/policy.yaml`"
        #expect(
            problems("{secrets: s.key}", rules: "algorithms: [ES256, RS256]") == [
                "4:27: `issuers.corp.secrets` holds a secret, which verifies HS256, HS384 and HS512 "
                    + "only, and the policy \(policy) accepts `ES256`, `RS256` of the issuer; write "
                    + "`algorithms: [HS256]` there if the issuer signs with a secret, or else name "
                    + "its public keys"
            ])
        for source in ["keys: k.json", "discovery: true", "jwks: '\(keySet(["a"]))'"] {
            let name = String(source.prefix { $0 != ":" })
            let found = problems("{\(source)}", rules: hs256)
            #expect(
                found.map { String($0.drop { $0 != "`" }) } == [
                    "`issuers.corp.\(name)` gives public keys, and the policy \(policy) accepts "
                        + "`HS256` of the issuer, which only a secret verifies; set "
                        + "`issuers.corp.secrets` in its place, or correct `algorithms` in the policy"
                ])
        }
        // Who names no algorithms means those of key pairs.
        #expect(problems("{secrets: s.key}").count == 1)
    }

    @Test("a secret must be long enough for each algorithm that the policy accepts")
    func shortSecret() throws {
        try secret("s.key", String(repeating: "s", count: 48))
        let rules = "algorithms: [HS256, HS384, HS512], allow_missing_kid: true"
        #expect(
            problems("{secrets: s.key}", rules: rules) == [
                "4:27: `issuers.corp.secrets` holds no secret for `HS512`, which the policy "
                    + "`\(folder.path)/policy.yaml` accepts of the issuer; HS256 needs 32 bytes, "
                    + "HS384 48 and HS512 64; use a longer secret, or remove `HS512` there"
            ])
    }

    @Test("keys without a `kid` need a policy that accepts such tokens")
    func nameless() throws {
        try secret("s.key", String(repeating: "s", count: 32))
        let found = problems("{secrets: s.key}", rules: "algorithms: [HS256]")
        #expect(
            found == [
                "4:27: `issuers.corp.secrets` has no key with a `kid`, and the policy "
                    + "`\(folder.path)/policy.yaml` accepts no tokens without one; write "
                    + "`allow_missing_kid: true` for the issuer there, or give the key a `kid` that "
                    + "its tokens name"
            ])
    }

    @Test(
        "discovery needs an issuer that is a URL which may be fetched",
        arguments: [
            ("corp", "discovery: true", "which is no URL to look below"),
            ("https://id.test/?a", "discovery: true", "which is no URL to look below"),
            ("http://id.test", "discovery: true", "which is not `https:`"),
            (
                "https://127.0.0.1:1", "discovery: true",
                "which is at a loopback address, from where keys are not fetched"
            ),
        ])
    func notDiscoverable(issuer: String, entry: String, reason: String) {
        let found = problems("{\(entry)}", issuer: issuer)
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix(
                "4:29: `issuers.corp.discovery` looks for the keys below the issuer's URL, and the "
                    + "policy `\(folder.path)/policy.yaml` calls it `\(issuer)`, \(reason); ")
                == true, "\(found)")
    }

    @Test("what is allowed can be discovered over http and on loopback")
    func allowed() throws {
        let keys = try load(
            "{discovery: true, allow_http: true, allow_private_addresses: true}",
            issuer: "http://127.0.0.1:1")
        let source = try #require(keys.sources.first)
        let fetch = HTTPFetch(
            url: "http://127.0.0.1:1/.well-known/openid-configuration", allowsHTTP: true,
            allowsPrivateAddresses: true)
        #expect(source.location == .discovery(issuer: "http://127.0.0.1:1", template: fetch))
    }

    @Test(
        "a file of certificates that is none is told at its setting",
        arguments: [("ca.pem", "it holds no certificate in PEM"), ("no.pem", "no such file")])
    func certificates(file: String, reason: String) throws {
        try folder.write("ca.pem", "-----BEGIN PUBLIC KEY-----\n")
        let found = problems("{discovery: true, ca: \(file)}")
        #expect(found.count == 1)
        #expect(
            found.first?.hasPrefix(
                "4:39: `issuers.corp.ca` names a file that cannot be used: "
                    + "`\(folder.path)/\(file)`: \(reason)") == true, "\(found)")
    }

    @Test("an issuer without keys is told what it could have")
    func missing() {
        let policy = "`\(folder.path)/policy.yaml`"
        #expect(
            problems("{denied_keys: [a]}", rules: hs256) == [
                "4:31: `issuers.corp.denied_keys` is no source of keys, and the policy \(policy) accepts "
                    + "the issuer `corp`; set `issuers.corp.secrets` to the files of its secrets"
            ])
        #expect(
            problems("{discovery: false}").first?.hasSuffix(
                "set `issuers.corp.discovery: true`, `issuers.corp.jwks_url`, `issuers.corp.keys` "
                    + "to its key files, or `issuers.corp.jwks` to the keys themselves") == true)
    }

    @Test("a key of the embedded issuer can be denied, but no other be given to it")
    func embedded() throws {
        let keys = try load(
            "{denied_keys: [a]}", policy: "issuers: {corp: {embedded: true}}")
        #expect(keys.denied == [.key(issuerName: "corp", keyID: "a")])
        #expect(keys.keyRing.availability(issuerName: "corp") == .fixed)
        #expect(
            problems("{discovery: true}", policy: "issuers: {corp: {embedded: true}}") == [
                "4:29: `issuers.corp.discovery` must not be set: the issuer is embedded, its keys "
                    + "are in the data folder; remove it"
            ])
    }

    @Test("settings of an issuer that the policy does not have are an error at the first of them")
    func unknown() {
        #expect(
            problems(
                "{refresh: 1m, discovery: true}", policy: "issuers: {local: {embedded: true}}")
                == [
                    "4:42: `issuers.corp.discovery` belongs to no issuer of the policy "
                        + "`\(folder.path)/policy.yaml`; the only one is `local`"
                ])
    }

    @Test("policies and the verifier know the same algorithms")
    func algorithms() throws {
        let names = SignatureAlgorithm.allCases.flatMap(\.names).filter { !$0.hasPrefix("HS") }
        let keys = try load(
            "{discovery: true}", rules: "algorithms: [\(names.joined(separator: ", "))]")
        #expect(keys.sources.count == 1)
        try secret("s.key", String(repeating: "s", count: 64))
        let secret = try load(
            "{secrets: s.key}",
            rules: "algorithms: [HS256, HS384, HS512], allow_missing_kid: true")
        #expect(secret.keyRing.availability(issuerName: "corp") == .fixed)
    }

    private let hs256 = "algorithms: [HS256], allow_missing_kid: true"

    /// A set of as many keys of one kind.
    private func keySet(_ names: [String]) -> String {
        let keys = names.compactMap { try? TestKey(.edDSA, keyID: $0).publicJWK }
        return "{\"keys\":[\(keys.joined(separator: ","))]}"
    }

    private func secret(_ name: String, _ content: String) throws {
        let path = try folder.write(name, content)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    /// Loads an entry of `issuers` for the issuer `corp` of a policy.
    private func load(
        _ entry: String, issuer: String = "https://id.test", rules: String = "leeway: 30s",
        policy: String? = nil
    ) throws -> VerificationKeys {
        let issuers =
            policy ?? "issuers: {corp: {issuer: \"\(issuer)\", audience: [app], \(rules)}}"
        try folder.write(
            "policy.yaml",
            "version: 1\n\(issuers)\nroutes: [{id: home, match: GET /, auth: public}]\n")
        let file = try folder.write(
            "ostiary.yaml",
            """
            version: 1
            upstreams: {app: {url: http://127.0.0.1:8050}}
            policy: policy.yaml
            issuers: {corp: \(entry)}
            """)
        let configuration = try loadConfiguration(
            file: file, flags: [], environment: ["HOME": folder.path])
        return try PreparedGateway.load(configuration, makingKeys: true).keys
    }

    /// The diagnostics without the configuration file's name.
    private func problems(
        _ entry: String, issuer: String = "https://id.test", rules: String = "leeway: 30s",
        policy: String? = nil
    ) -> [String] {
        do {
            _ = try load(entry, issuer: issuer, rules: rules, policy: policy)
            return []
        } catch let error as Diagnostics {
            return error.all.map {
                $0.description.replacing("\(folder.path)/ostiary.yaml:", with: "")
            }
        } catch {
            return ["\(error)"]
        }
    }
}
