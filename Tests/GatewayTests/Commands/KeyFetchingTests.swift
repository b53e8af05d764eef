import Cryptography
import Foundation
import Gateway
import TestSupport
import Testing

/// `ostiary keys fetch` and `ostiary config check` where nothing is on the network.
@Suite("Showing keys")
struct KeyFetchingTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("keys")
        let secret = try folder.write("s.key", String(repeating: "s", count: 32))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
        let keys = try ["a", "b\u{1B}[2J"].map { try TestKey(.edDSA, keyID: $0).publicJWK }
        // Escaped, as JSON wants it.
        let set = keys.joined(separator: ",").replacing("\u{1B}", with: "\\u001b")
        try folder.write("k.json", "{\"keys\":[\(set)]}")
        let inline = try TestKey(.rs256, keyID: "c").publicJWK
        try folder.write(
            "policy.yaml",
            """
            version: 1
            issuers:
              local: {embedded: true}
              files: {issuer: f, audience: [app], algorithms: [ES256], subject_prefix: "f:"}
              text: {issuer: t, audience: [app], subject_prefix: "t:"}
              secret:
                {issuer: s, audience: [app], algorithms: [HS256], allow_missing_kid: true,
                subject_prefix: "s:"}
              net: {issuer: "https://n.test", audience: [app], subject_prefix: "n:"}
              url: {issuer: "https://u.test", audience: [app], subject_prefix: "u:"}
            routes: [{id: home, match: GET /, auth: public}]
            """)
        try folder.write(
            "ostiary.yaml",
            """
            version: 1
            upstreams: {app: {url: http://127.0.0.1:8050}}
            policy: policy.yaml
            data: data
            issuers:
              files: {keys: k.json}
              text: {jwks: '{"keys":[\(inline)]}'}
              secret: {secrets: s.key}
              net: {discovery: true}
              url: {jwks_url: "https://u.test/k", refresh: 1h, denied_keys: [old, "a b"]}
            """)
    }

    @Test("keys of files and of the configuration are shown without a fetch, and safely")
    func local() async throws {
        #expect(
            try await lines("files") == [
                "keys of `files`, from `\(folder.path)/k.json`:", "",
                "kid         type     alg    use",
                "a           Ed25519  EdDSA  none: the policy accepts none of its algorithms",
                "b\\u{1b}[2J  Ed25519  EdDSA  none: the policy accepts none of its algorithms",
            ])
        #expect(
            try await lines("text") == [
                "keys of `text`, from the configuration (`issuers.text.jwks`):", "",
                "kid  type      alg    use",
                "c    RSA 2048  RS256  signatures",
            ])
    }

    @Test("secrets are never shown")
    func secret() async throws {
        #expect(
            await problem("secret") == [
                "the issuer `secret` signs with secrets, which are not shown"
            ])
    }

    @Test("the embedded issuer has no key before the first start, and then shows it")
    func embedded() async throws {
        #expect(
            await problem("local") == [
                "the embedded issuer `local` has no key yet; `ostiary serve` makes the first"
            ])
        _ = try TokenMinting(subject: "a", sources: sources).run(now: 1)
        #expect(
            try await lines("local").first == "keys of `local`, from `\(folder.path)/data/keys`:")
        #expect(try await lines("local").last?.hasSuffix("  P-256  ES256  signatures") == true)
    }

    @Test("config check says where the keys of each issuer come from, and fetches none")
    func check() throws {
        let lines = try ConfigurationCheck.run(sources)
        #expect(
            lines.filter { $0.hasPrefix("  issuer ") } == [
                "  issuer         `local`: embedded, its first key will be made in "
                    + "`\(folder.path)/data/keys`",
                "  issuer         `files`: `\(folder.path)/k.json`",
                "  issuer         `text`: keys in the configuration",
                "  issuer         `secret`: secrets in `\(folder.path)/s.key`",
                "  issuer         `net`: keys through its metadata, every 5m "
                    + "(try `ostiary keys fetch net`)",
                "  issuer         `url`: keys from `https://u.test/k`, every 1h "
                    + "(try `ostiary keys fetch url`); denied `old`, `a b`",
            ])
    }

    private var sources: ConfigurationSources {
        ConfigurationSources(
            file: "\(folder.path)/ostiary.yaml", flags: [], environment: ["HOME": folder.path])
    }

    private func lines(_ issuer: String) async throws -> [String] {
        try await KeyFetching(.configured(name: issuer, sources)).run().lines
    }

    private func problem(_ issuer: String) async -> [String] {
        do throws(CommandFailure) {
            return try await KeyFetching(.configured(name: issuer, sources)).run().lines
        } catch {
            return error.lines
        }
    }
}
