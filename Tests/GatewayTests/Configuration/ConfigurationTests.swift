import Gateway
import StrictYAML
import TestSupport
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    @Test("a file with every error reports each with its place and what to do, in file order")
    func diagnostics() throws {
        let text = """
            version: 2
            lisetners: [127.0.0.1:8080]
            listeners: [127.0.0.1, "*:8080", app:80]
            head: 64KiB
            public_url: https://app.test/base
            upstreams:
              a.b: {url: http://127.0.0.1:8050}
              app: {url: http://user:secret@127.0.0.1:8050, adress: x}
            policy: no
            trusted_peers: [10.1.2.3/8, 10.0.0.0/33, nonsense]
            threads: many
            limits: {head: 1, header_count: 0, body: [1], taget: 1KiB}
            timeouts: {idle: 10, connect: 10h}
            log: {level: inof, access: yes}
            issuers: {corp: {}}
            """
        #expect(
            problems(text) == [
                "1:10: `version` must be `1`, not `2`",
                "2:1: unknown key `lisetners`; did you mean `listeners`?",
                "3:13: `listeners` must be `host:port`, for example `127.0.0.1:8080` or "
                    + "`[::1]:8080`, not `127.0.0.1`",
                "3:24: `listeners` must be `host:port`, for example `127.0.0.1:8080` or "
                    + "`[::1]:8080`, not `*:8080`; for all addresses write `0.0.0.0:8080`",
                "3:34: `listeners` must begin with an IP address or `localhost`, not with `app`",
                "4:1: unknown key `head`; did you mean `limits.head`?",
                "5:13: `public_url` must not have a path, query or fragment; "
                    + "write only `https://app.test`",
                "7:3: `a.b` is no name for an entry of `upstreams`; "
                    + "use letters, digits, `-` and `_`, starting with a letter",
                "8:14: `upstreams.app.url` must not hold a user or password; "
                    + "remove what precedes `@`",
                "8:49: unknown key `adress` in `upstreams.app`; the only one is `url`",
                "9:9: `policy` must be text, but `no` can be read as a boolean or null; "
                    + "quote it: \"no\"",
                "10:17: `trusted_peers` must not have bits after the prefix, as `10.1.2.3/8` has; "
                    + "did you mean `10.0.0.0/8`?",
                "10:29: `trusted_peers` must end in a prefix length between /0 and /32, "
                    + "not `10.0.0.0/33`",
                "10:42: `trusted_peers` must be an address range such as `10.0.0.0/8`, "
                    + "not `nonsense`",
                "11:10: `threads` must be a whole number between 1 and 256, not `many`",
                "12:16: `limits.head` must be between 1KiB and 1MiB, not `1`",
                "12:33: `limits.header_count` must be a whole number between 10 and 10000, not `0`",
                "12:42: `limits.body` must be a single value, not a list",
                "12:47: unknown key `taget` in `limits`; did you mean `target`?",
                "13:18: `timeouts.idle` must be a length of time such as "
                    + "`500ms`, `10s`, `2m`, `24h` or `7d`, not `10`",
                "13:31: `timeouts.connect` must be between 10ms and 5m, not `10h`",
                "14:14: `log.level` must be one of `trace`, `debug`, `info`, `notice`, `warning`, "
                    + "`error`, not `inof`; did you mean `info`?",
                "14:28: `log.access` must be `true` or `false`, not `yes`",
                "15:17: `issuers.corp` is empty; say where its keys are: set one of `keys`, "
                    + "`jwks_url`, `discovery`, `jwks`, `secrets`",
            ])
    }

    @Test(
        "refuses a file with one line per problem",
        arguments: [
            ("listeners: []\n", "1:1: missing key `version`; write `version: 1`"),
            (
                "version: 1\nversion: 1\n",
                "2:1: duplicate key `version`, first defined in line 1; remove one of the two"
            ),
            ("- a\n", "1:1: the file must be a mapping with keys, not a list"),
            (
                "version: 1\nlimits: 3\n",
                "2:9: `limits` must be a mapping with keys, not a single value"
            ),
            ("version: 1\nlimits:\n", "2:8: `limits` must be a mapping with keys, not nothing"),
            ("version: 1\npolicy:\n", "2:8: `policy` has no value; write text, or remove the key"),
            (
                "version: 1\nlisteners: [0.0.0.0:8080]\n",
                "`public_url` is required because the listener `0.0.0.0:8080` is not loopback; "
                    + "set it to the URL that clients use, "
                    + "for example `public_url: https://app.example.com`"
            ),
            (
                "version: 1\nlisteners: []\n",
                "2:12: `listeners` must name at least one address; write for example `127.0.0.1:8080`"
            ),
            (
                "version: 1\nlisteners: [\"[::1]:1\", \"[0::1]:1\"]\n",
                "2:12: `listeners` must not name an address twice"
            ),
            (
                "version: 1\nlisteners: [127.0.0.1:99999]\n",
                "2:13: `listeners` must have a port between 0 and 65535, not `99999`"
            ),
            (
                "version: 1\nlisteners: [\"[::1]:65536\"]\n",
                "2:13: `listeners` must have a port between 0 and 65535, not `65536`"
            ),
            (
                "version: 1\nlimits: {head: 4KiB, target: 8KiB}\n",
                "2:30: `limits.target` must not be greater than `limits.head`, which is `4KiB`, "
                    + "because the head holds the target"
            ),
        ])
    func oneProblem(text: String, expected: String) {
        #expect(problems(text, flags: [SettingFlag(upstream: "http://h:1")]).contains(expected))
    }

    @Test(
        "refuses an upstream that cannot work",
        arguments: [
            (
                "https://app:8050",
                "cannot be `https:` yet; use `http://` on a network that you trust"
            ),
            (
                "unix:app.sock",
                "must be an absolute path after `unix:`, not `unix:app.sock`; "
                    + "write for example `unix:/run/ostiary/app.sock`"
            ),
            (
                "/run/app.sock",
                "must be a URL such as `http://127.0.0.1:8050`, not `/run/app.sock`; "
                    + "for a Unix socket write `unix:/run/app.sock`"
            ),
            ("ftp://app", "must begin with `http://`, not with `ftp:`"),
            (
                "127.0.0.1:8050",
                "must be a URL such as `http://127.0.0.1:8050`, not `127.0.0.1:8050`; "
                    + "did you mean `http://127.0.0.1:8050`?"
            ),
            (
                "http://app:8050/base",
                "must not have a path, query or fragment; write only `http://app:8050`"
            ),
            ("http://me@app", "must not hold a user or password; remove what precedes `@`"),
            ("me:secret@app:80", "must not hold a user or password; remove what precedes `@`"),
            ("http://app:0", "must have a port between 1 and 65535, not `0`"),
            ("http://app:99999", "must have a port between 1 and 65535, not `99999`"),
            ("http://[::1]:99999", "must have a port between 1 and 65535, not `99999`"),
            (
                "http://app:x",
                "must be a URL such as `http://127.0.0.1:8050`, not `http://app:x`"
            ),
            ("http://", "must have a host name or address, not ``"),
            ("http://1.2.3", "must have a host name or address, not `1.2.3`"),
            ("http://-a", "must have a host name or address, not `-a`"),
            ("http://a b", "must have a host name or address, not `a b`"),
            (
                "http://localhost:8080",
                "is one of the gateway's own listeners, so requests would go in circles; "
                    + "let the app and the gateway listen on different ports"
            ),
        ])
    func upstreams(url: String, expected: String) {
        #expect(problems(flags: [SettingFlag(upstream: url)]) == ["--upstream: \(expected)"])
    }

    @Test("refuses to run without an upstream, and with two")
    func upstreamCount() {
        #expect(
            problems() == [
                "no upstream is set; say where your app listens: "
                    + "`--upstream http://127.0.0.1:8050`, or "
                    + "`upstreams: {app: {url: http://127.0.0.1:8050}}` in the configuration file"
            ])
        #expect(
            problems("version: 1\nupstreams: {a: {url: http://h:1}, b: {url: http://h:2}}\n") == [
                "2:44: `upstreams.b.url` is one upstream too many: only one is possible yet, "
                    + "and there are `a`, `b`; remove all but one"
            ])
    }

    @Test(
        "an upstream that was refused is not also called missing",
        arguments: [
            (
                "upstreams: []",
                "2:12: `upstreams` must be a mapping with keys, not a list"
            ),
            ("upstreams: {app: {}}", "2:18: `upstreams.app` is empty; write `url: …`"),
            (
                "upstreams: {app: {ulr: x}}",
                "2:19: unknown key `ulr` in `upstreams.app`; did you mean `url`?"
            ),
        ])
    func refusedUpstream(line: String, expected: String) {
        #expect(problems("version: 1\n\(line)\n") == [expected])
    }

    @Test("the default of limits.target is lowered to limits.head")
    func loweredTarget() throws {
        let flag = try #require(SettingFlag(assignment: "limits.head=1KiB"))
        let limits = try load(flags: [flag, SettingFlag(upstream: "http://h:1")]).limits
        #expect(limits.head == 1024)
        #expect(limits.target == 1024)
    }

    @Test(
        "two different flags for one setting are an error",
        arguments: ["upstreams.app.url", "upstreams.other.url"])
    func conflictingFlags(path: String) throws {
        let flag = try #require(SettingFlag(assignment: "\(path)=http://h:2"))
        #expect(
            problems(flags: [flag, SettingFlag(upstream: "http://h:1")]) == [
                "--upstream: is also set by `--set \(path)`; pass only one of the two"
            ])
        let policy = try #require(SettingFlag(assignment: "policy=a.yaml"))
        #expect(
            problems(flags: [
                SettingFlag(upstream: "http://h:1"), policy, SettingFlag(policy: "b.yaml"),
            ]) == ["--policy: is also set by `--set policy`; pass only one of the two"])
    }

    @Test("of two equal flags the later counts")
    func repeatedFlag() throws {
        let flags = ["threads=2", "threads=3"].compactMap { SettingFlag(assignment: $0) }
        #expect(try load(flags: flags + [SettingFlag(upstream: "http://h:1")]).threads == 3)
    }

    @Test(
        "accepts upstreams by name and address",
        arguments: [
            ("http://app", "http://app:80"),
            ("http://App.Internal:8050/", "http://app.internal:8050"),
            ("http://[::1]:8050", "http://[::1]:8050"), ("http://my_app:1", "http://my_app:1"),
            ("HTTP://10.0.0.1", "http://10.0.0.1:80"),
            ("unix:/run/app.sock", "unix:/run/app.sock"),
        ])
    func goodUpstreams(url: String, expected: String) throws {
        let configuration = try load(flags: [SettingFlag(upstream: url)])
        #expect(configuration.upstream.endpoint.description == expected)
        #expect(configuration.upstream.name == "app")
    }

    @Test(
        "a public URL is normalised to an origin",
        arguments: [
            ("https://App.Example.com/", "https://app.example.com"),
            ("https://a:443", "https://a"), ("http://a:80", "http://a"),
            ("http://a:8080", "http://a:8080"),
            ("https://[2001:DB8::0:1]", "https://[2001:db8::1]"),
        ])
    func publicURL(text: String, expected: String) throws {
        let flag = try #require(SettingFlag(assignment: "public_url=\(text)"))
        let configuration = try load(flags: [flag, SettingFlag(upstream: "http://h:1")])
        #expect(configuration.publicURL.description == expected)
    }

    @Test("without public_url it is the first listener")
    func defaultPublicURL() throws {
        let flag = try #require(SettingFlag(assignment: "listeners=localhost:9000,[::1]:9000"))
        let configuration = try load(flags: [flag, SettingFlag(upstream: "http://h:1")])
        #expect(configuration.publicURL.description == "http://localhost:9000")
        #expect(configuration.listeners.map(\.description) == ["localhost:9000", "[::1]:9000"])
    }

    @Test("--upstream replaces the address of the file's upstream and keeps its name")
    func upstreamFlag() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "ostiary.yaml", "version: 1\nupstreams: {dash: {url: http://h:1}}\n")
        let configuration = try loadConfiguration(
            file: file, flags: [SettingFlag(upstream: "http://h:2")], environment: ["HOME": "/h"])
        #expect(configuration.upstream.name == "dash")
        #expect(configuration.upstream.endpoint.port == 2)
    }

    @Test(
        "errors of the environment and of flags name the variable or the flag",
        arguments: [
            (
                ["OSTIARY_LIMITS_HEAD": "big"], [],
                "OSTIARY_LIMITS_HEAD: must be a size such as `16KiB`, `32MiB` or `65536`, not `big`"
            ),
            (
                [:], ["limits.head=big"],
                "--set limits.head: must be a size such as `16KiB`, `32MiB` or `65536`, not `big`"
            ),
            (
                ["OSTIARY_LIMIT_HEAD": "1KiB"], [],
                "OSTIARY_LIMIT_HEAD: there is no such setting; did you mean `OSTIARY_LIMITS_HEAD`?"
            ),
            (
                ["OSTIARY_XYZ": "1"], [],
                "OSTIARY_XYZ: there is no such setting; `ostiary config reference` lists all variables"
            ),
            (
                ["OSTIARY_CONFIGS": "1"], [],
                "OSTIARY_CONFIGS: there is no such setting; did you mean `OSTIARY_CONFIG`?"
            ),
            (
                [:], ["limits.haed=1"],
                "--set limits.haed: there is no such setting; did you mean `limits.head`?"
            ),
            (
                [:], ["head=1"],
                "--set head: there is no such setting; did you mean `limits.head`?"
            ),
            (
                [:], ["version=1"],
                "--set version: there is no such setting; `ostiary config reference` lists all settings"
            ),
            (["PORT": "http"], [], "PORT: must be a port between 1 and 65535, not `http`"),
            (
                ["OSTIARY_PUBLIC_URL": ""], [],
                "OSTIARY_PUBLIC_URL: is empty; unset it, or give it a value"
            ),
            (
                ["OSTIARY_LISTENERS": ""], [],
                "OSTIARY_LISTENERS: is empty; unset it, or give it a value"
            ),
            (["PORT": ""], [], "PORT: is empty; unset it, or give it a value"),
        ] as [([String: String], [String], String)])
    func channelErrors(environment: [String: String], flags: [String], expected: String) {
        let all = flags.compactMap { SettingFlag(assignment: $0) }
        #expect(
            problems(flags: [SettingFlag(upstream: "http://h:1")] + all, environment: environment)
                == [expected])
    }

    @Test(
        "variables that belong to others are ignored",
        arguments: [
            "OSTIARY_VECTORS", "OSTIARY_VERSION", "OSTIARY_SERVICE_HOST", "OSTIARY_PORT",
            "OSTIARY_SERVICE_PORT", "OSTIARY_SERVICE_PORT_HTTP", "OSTIARY_PORT_8080_TCP_ADDR",
        ])
    func foreign(variable: String) {
        #expect(
            problems(flags: [SettingFlag(upstream: "http://h:1")], environment: [variable: "x"])
                == [])
    }

    @Test("PORT replaces the port of the first listener, unless --set names the listeners")
    func port() throws {
        let upstream = SettingFlag(upstream: "http://h:1")
        let environment = ["PORT": "5000", "OSTIARY_LISTENERS": "127.0.0.1:1,127.0.0.1:2"]
        let byPort = try load(flags: [upstream], environment: environment)
        #expect(byPort.listeners.map(\.port) == [5000, 2])
        #expect(byPort.publicURL.description == "http://127.0.0.1:5000")
        let flag = try #require(SettingFlag(assignment: "listeners=127.0.0.1:3"))
        let byFlag = try load(flags: [upstream, flag], environment: environment)
        #expect(byFlag.listeners.map(\.port) == [3])
    }

    @Test("names in variables find the file's names, also those with a dash")
    func names() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "ostiary.yaml",
            """
            version: 1
            upstreams: {my-app: {url: http://h:1}}
            issuers: {corp-sso: {keys: a.json}}
            """)
        let configuration = try loadConfiguration(
            file: file, flags: [],
            environment: [
                "OSTIARY_UPSTREAMS_MY_APP_URL": "http://h:2",
                "OSTIARY_ISSUERS_CORP_SSO_KEYS": "b.json, c.json",
                "OSTIARY_ISSUERS_OTHER_KEYS": "d.json", "HOME": "/h",
            ])
        #expect(configuration.upstream.endpoint.port == 2)
        #expect(configuration.trust.issuers.map(\.name) == ["corp-sso", "other"])
        #expect(configuration.trust.issuers.first?.files.map(\.path) == ["b.json", "c.json"])
    }

    @Test("paths in the file are relative to the file's folder")
    func paths() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "conf/ostiary.yaml",
            """
            version: 1
            upstreams: {app: {url: http://h:1}}
            policy: policy.yaml
            data: /var/lib/ostiary
            issuers: {corp: {keys: [keys/a.json, b.pem]}}
            """)
        let configuration = try loadConfiguration(file: file, flags: [], environment: [:])
        #expect(configuration.trust.policy?.path == "\(folder.path)/conf/policy.yaml")
        #expect(configuration.trust.dataFolder.path == "/var/lib/ostiary")
        #expect(
            configuration.trust.issuers.flatMap(\.files).map(\.path) == [
                "\(folder.path)/conf/keys/a.json", "\(folder.path)/conf/b.pem",
            ])
    }

    @Test(
        "the data folder's default follows XDG",
        arguments: [
            (["XDG_DATA_HOME": "/x", "HOME": "/h"], "/x/ostiary"),
            (["XDG_DATA_HOME": "x", "HOME": "/h"], "/h/.local/share/ostiary"),
            (["HOME": "/"], "/.local/share/ostiary"),
        ])
    func dataFolder(environment: [String: String], expected: String) throws {
        let configuration = try loadConfiguration(
            file: nil, flags: [SettingFlag(upstream: "http://h:1")], environment: environment)
        #expect(configuration.trust.dataFolder.path == expected)
    }

    @Test("OSTIARY_CONFIG names the file; a missing one is one clear line")
    func fileVariable() throws {
        #expect(
            problems(environment: ["OSTIARY_CONFIG": "/no/such.yaml"]) == [
                "cannot read the configuration file `/no/such.yaml`: no such file or directory"
            ])
        #expect(
            problems(environment: ["OSTIARY_CONFIG": "/"]) == [
                "cannot read the configuration file `/`: is a directory"
            ])
    }

    @Test("an empty OSTIARY_CONFIG is none, and an empty list of trusted peers is one")
    func emptyVariables() throws {
        let configuration = try load(
            flags: [SettingFlag(upstream: "http://h:1")],
            environment: ["OSTIARY_CONFIG": "", "OSTIARY_TRUSTED_PEERS": ""])
        #expect(configuration.trustedPeers.isEmpty)
    }

    private func load(
        flags: [SettingFlag], environment: [String: String] = [:]
    ) throws -> GatewayConfiguration {
        try loadConfiguration(
            file: nil, flags: flags, environment: environment.merging(["HOME": "/h"]) { $1 })
    }

    /// The diagnostics of loading a file with `text`, without the file's name.
    private func problems(
        _ text: String? = nil, flags: [SettingFlag] = [], environment: [String: String] = [:]
    ) -> [String] {
        do {
            let folder = try TemporaryFolder()
            let file = try text.map { try folder.write("ostiary.yaml", $0) }
            do {
                _ = try loadConfiguration(
                    file: file, flags: flags,
                    environment: environment.merging(["HOME": "/h"]) { $1 })
                return []
            } catch {
                let prefix = file.map { "\($0):" } ?? "\u{0}"
                return error.all.map { diagnostic in
                    let line = diagnostic.description
                    return line.hasPrefix(prefix) ? String(line.dropFirst(prefix.count)) : line
                }
            }
        } catch {
            return ["\(error)"]
        }
    }
}
