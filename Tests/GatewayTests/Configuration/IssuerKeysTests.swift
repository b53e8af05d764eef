import Gateway
import StrictYAML
import TestSupport
import Testing

/// What can be written below `issuers.<name>`, and what is refused with which words.
@Suite("Sources of an issuer's keys")
struct IssuerKeysTests {
    @Test(
        "one kind of source for each issuer, and only settings that have an effect on it",
        arguments: [
            (
                "{keys: k.json, jwks_url: \"https://id.test/k\"}",
                "3:34: `issuers.corp.jwks_url` is one source of keys too many: an issuer has one, and "
                    + "there are `issuers.corp.keys`, `issuers.corp.jwks_url`; remove all but one"
            ),
            (
                "{discovery: true, secrets: s.key}",
                "3:36: `issuers.corp.secrets` is one source of keys too many: an issuer has one, and "
                    + "there are `issuers.corp.discovery`, `issuers.corp.secrets`; remove all but one"
            ),
            (
                "{keys: k.json, ca: ca.pem}",
                "3:28: `issuers.corp.ca` has no effect on keys from `issuers.corp.keys`; remove it, "
                    + "or fetch the keys with `issuers.corp.jwks_url` or `issuers.corp.discovery`"
            ),
            (
                "{jwks: '{}', stale_if_error: 1h}",
                "3:38: `issuers.corp.stale_if_error` has no effect on keys from `issuers.corp.jwks`; "
                    + "remove it, or fetch the keys with `issuers.corp.jwks_url` or "
                    + "`issuers.corp.discovery`"
            ),
            (
                "{secrets: s.key, refresh: 1m}",
                "3:35: `issuers.corp.refresh` has no effect on keys from `issuers.corp.secrets`; "
                    + "remove it, or fetch the keys with `issuers.corp.jwks_url` or "
                    + "`issuers.corp.discovery`"
            ),
            (
                "{timeout: 5s}",
                "3:19: `issuers.corp.timeout` has no effect, because `issuers.corp` has no source of "
                    + "keys; set `issuers.corp.jwks_url` or `issuers.corp.discovery`, too"
            ),
            (
                "{discovery: false, proxy: \"http://p:1\"}",
                "3:35: `issuers.corp.proxy` has no effect, because `issuers.corp` has no source of "
                    + "keys; set `issuers.corp.jwks_url` or `issuers.corp.discovery`, too"
            ),
            ("{keys: []}", "3:16: `issuers.corp.keys` must name at least one file"),
            ("{secrets: []}", "3:19: `issuers.corp.secrets` must name at least one file"),
            (
                "{keys: k.json, denied_keys: [a, b, a]}",
                "3:37: `issuers.corp.denied_keys` must not name the key `a` twice"
            ),
            (
                "{}",
                "3:9: `issuers.corp` is empty; say where its keys are: set one of `keys`, `jwks_url`, "
                    + "`discovery`, `jwks`, `secrets`"
            ),
        ])
    func rules(entry: String, expected: String) {
        #expect(problems(entry) == [expected])
    }

    @Test(
        "what may be fetched from where is said in the file",
        arguments: [
            (
                "{jwks_url: \"http://id.test/k\"}",
                "must begin with `https://`: whoever is on the way of `http:` can replace the keys; "
                    + "use `https://`, or allow it with `issuers.corp.allow_http: true`"
            ),
            (
                "{jwks_url: \"https://10.1.2.3/k\"}",
                "is at a private address, from where keys are not fetched; if you mean it, "
                    + "set `issuers.corp.allow_private_addresses: true`"
            ),
            (
                "{jwks_url: \"https://localhost:8443/k\"}",
                "is at a loopback address, from where keys are not fetched; if you mean it, "
                    + "set `issuers.corp.allow_private_addresses: true`"
            ),
            (
                "{jwks_url: \"https://[::ffff:169.254.169.254]/k\"}",
                "is at a link-local address, from where keys are not fetched; if you mean it, "
                    + "set `issuers.corp.allow_private_addresses: true`"
            ),
            (
                "{jwks_url: \"ftp://id.test/k\"}",
                "must begin with `https://`, not with `ftp:`"
            ),
            (
                "{jwks_url: \"id.test\"}",
                "must be a URL such as `https://id.example.com/jwks.json`, not `id.test`"
            ),
            (
                "{jwks_url: \"https://me:word@id.test/k\"}",
                "must not hold a user or password; remove what precedes `@`"
            ),
            (
                "{jwks_url: \"https://id.test/k#x\"}",
                "must not have a fragment; remove `#` and what follows it"
            ),
            (
                "{jwks_url: \"https://id.test/ü\"}",
                "must be at most 2048 plain ASCII characters without spaces; write others as `%` "
                    + "and two hexadecimal digits"
            ),
        ])
    func addresses(entry: String, expected: String) {
        #expect(problems(entry) == ["3:20: `issuers.corp.jwks_url` \(expected)"])
    }

    @Test(
        "values out of range are refused with the range",
        arguments: [
            ("timeout: 50ms", "timeout", "must be between 100ms and 30s, not `50ms`"),
            ("refresh: 0s", "refresh", "must be between 1s and 1d, not `0s`"),
            ("cooldown: 2h", "cooldown", "must be between 1s and 1h, not `2h`"),
            ("stale_if_error: 31d", "stale_if_error", "must be between 0s and 30d, not `31d`"),
            ("allow_http: yes", "allow_http", "must be `true` or `false`, not `yes`"),
            (
                "proxy: \"https://p:1\"", "proxy",
                "must begin with `http://`, not with `https:`; what goes through the proxy is "
                    + "encrypted all the same"
            ),
            ("denied_keys: ['']", "denied_keys", "must be a key ID of 1 to 256 bytes"),
        ])
    func ranges(setting: String, name: String, expected: String) {
        let found = problems("{discovery: true, \(setting)}")
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix(": `issuers.corp.\(name)` \(expected)") == true, "\(found)")
    }

    @Test("a key set that is written as YAML is told how to be text")
    func structure() {
        #expect(
            problems("{jwks: {keys: []}}") == [
                "3:16: `issuers.corp.jwks` must be a single value, not a mapping; write the JSON as "
                    + "text, in single quotes or below `jwks: |`"
            ])
    }

    @Test("all errors of an issuer are told at once, in the order of the file")
    func several() {
        let found = problems("{keys: k.json, jwks_url: nonsense, refresh: soon}")
        #expect(found.count == 3, "\(found)")
        #expect(found.contains { $0.contains("one source of keys too many") })
        #expect(found.contains { $0.contains("not `nonsense`") })
        #expect(found.contains { $0.contains("not `soon`") })
    }

    @Test("what another place has set can be taken back, and replaced")
    func overriding() throws {
        let discovery = try configuration(
            "{discovery: true}",
            flags: ["issuers.corp.discovery=false", "issuers.corp.keys=k.json"])
        #expect(discovery.trust.issuers.flatMap(\.files).map(\.path) == ["k.json"])
    }

    @Test(
        "a variable whose name can be read in two ways sets what the file names, else the longer",
        arguments: [
            ("corp", "OSTIARY_ISSUERS_CORP_DENIED_KEYS", "corp: 1 denied, 1 file"),
            ("corp_denied", "OSTIARY_ISSUERS_CORP_DENIED_KEYS", "corp_denied: 0 denied, 1 file"),
            ("other", "OSTIARY_ISSUERS_CORP_DENIED_KEYS", "corp: 1 denied, 0 files"),
        ])
    func ambiguousVariable(name: String, variable: String, expected: String) throws {
        let configuration = try configuration(
            "{keys: k.json}", name: name, environment: [variable: "x"])
        let found = configuration.trust.issuers.map { issuer in
            let files = issuer.files.count == 1 ? "1 file" : "\(issuer.files.count) files"
            return "\(issuer.name): \(issuer.deniedKeys.count) denied, \(files)"
        }
        #expect(found.contains(expected), "\(found)")
    }

    @Test("a variable finds the file's name also when the file has another setting of it")
    func variableOfKnownName() throws {
        let configuration = try configuration(
            "{denied_keys: [a]}", name: "corp-sso",
            environment: ["OSTIARY_ISSUERS_CORP_SSO_JWKS_URL": "https://id.test/k"])
        #expect(configuration.trust.issuers.map(\.name) == ["corp-sso"])
    }

    @Test("a misspelt setting of an issuer is told with its name in it")
    func misspelt() {
        #expect(
            problems("{discovery: true}", flags: ["issuers.corp.refrsh=1m"]) == [
                "--set issuers.corp.refrsh: there is no such setting; "
                    + "did you mean `issuers.corp.refresh`?"
            ])
        #expect(
            problems(
                "{discovery: true}", environment: ["OSTIARY_ISSUERS_CORP_REFRSH": "1m"]) == [
                    "OSTIARY_ISSUERS_CORP_REFRSH: there is no such setting; "
                        + "did you mean `OSTIARY_ISSUERS_CORP_REFRESH`?"
                ])
    }

    @Test("relative paths start at the file's folder")
    func paths() throws {
        let folder = try TemporaryFolder()
        let configuration = try configuration("{secrets: [a.key, /b.key]}", in: folder)
        let files = configuration.trust.issuers.flatMap { issuer -> [String] in
            if case .secrets(let files) = issuer.source { return files.map(\.path) }
            return []
        }
        #expect(files == ["\(folder.path)/a.key", "/b.key"])
    }

    @Test(
        "the admin listener is a loopback address and a port of its own",
        arguments: [
            (
                "0.0.0.0:9091",
                "--set admin.listener: must be a loopback address, because it asks nobody for a token; "
                    + "write for example `127.0.0.1:9091`"
            ),
            (
                "127.0.0.1:8080",
                "--set admin.listener: is also one of `listeners`; give it a port of its own"
            ),
            (
                "localhost:8080",
                "--set admin.listener: is also one of `listeners`; give it a port of its own"
            ),
        ])
    func adminListener(address: String, expected: String) {
        #expect(problems("{keys: k.json}", flags: ["admin.listener=\(address)"]) == [expected])
    }

    @Test("an upstream that is the admin listener is refused")
    func adminUpstream() {
        let found = problems("{keys: k.json}", flags: ["admin.listener=127.0.0.1:1"])
        #expect(found.count == 1 && found.first?.contains("own listeners") == true, "\(found)")
    }

    private func configuration(
        _ entry: String, name: String = "corp", flags: [String] = [],
        environment: [String: String] = [:], in folder: TemporaryFolder? = nil
    ) throws -> GatewayConfiguration {
        let folder = try folder ?? TemporaryFolder()
        let file = try folder.write(
            "ostiary.yaml",
            """
            version: 1
            issuers:
              \(name): \(entry)
            upstreams: {app: {url: http://127.0.0.1:1}}
            """)
        return try loadConfiguration(
            file: file, flags: flags.compactMap { SettingFlag(assignment: $0) },
            environment: environment.merging(["HOME": "/h"]) { $1 })
    }

    /// The diagnostics without the file's name.
    private func problems(
        _ entry: String, flags: [String] = [], environment: [String: String] = [:]
    ) -> [String] {
        do {
            _ = try configuration(entry, flags: flags, environment: environment)
            return []
        } catch let error as Diagnostics {
            return error.all.map { diagnostic in
                let line = diagnostic.description
                guard let file = diagnostic.position?.file else { return line }
                return line.hasPrefix("\(file):") ? String(line.dropFirst(file.count + 1)) : line
            }
        } catch {
            return ["\(error)"]
        }
    }
}
