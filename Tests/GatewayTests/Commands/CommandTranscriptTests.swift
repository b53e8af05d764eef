import TestSupport
import Testing

@Suite("Command transcripts", .blocking)
struct CommandTranscriptTests {
    private let shell: Shell

    init() throws { shell = try Shell() }

    @Test("--version prints the version alone")
    func version() throws {
        #expect(try shell.output("ostiary --version") == "0.1.0\n")
    }

    @Test(
        "--help of each command teaches with an example, on standard output",
        arguments: [
            ("", "ostiary serve --upstream"), ("serve", "ostiary serve --config ostiary.yaml"),
            ("policy check", "ostiary policy check policy.yaml"),
            ("policy test", "ostiary policy test app.yaml --junit results.xml"),
            ("policy explain", "ostiary policy explain --policy app.yaml --as alice GET /users"),
            ("policy matrix", "ostiary policy matrix policy.yaml --format svg > matrix.svg"),
            ("keys generate", "ostiary keys generate --out signing.pem > jwks.json"),
            ("token mint", "ostiary token mint --sub alice --role viewer"),
            ("keys fetch", "ostiary keys fetch https://id.example.com --jwks > jwks.json"),
            ("keys assertion", "ostiary keys assertion --jwks > assertion-jwks.json"),
            ("token verify", "ostiary token verify --config ostiary.yaml eyJ…"),
            ("token inspect", "ostiary token mint --sub alice | ostiary token inspect"),
            ("config check", "ostiary config check --config ostiary.yaml"),
            ("config reference", "ostiary config reference | less"),
            ("user", "ostiary user superuser root --email root@example.com"),
            ("user superuser", "ostiary user superuser root --email root@example.com"),
            ("user create", "ostiary user create alice --email alice@example.com --role viewer"),
            ("user list", "ostiary user list --json"), ("user show", "ostiary user show alice"),
            ("user set", "ostiary user set alice --add-group ops --remove-group trainees"),
            ("user passwd", "ostiary user passwd alice --generate-password"),
            ("user disable", "ostiary user disable alice"),
            ("user enable", "ostiary user enable alice"),
            ("role", "ostiary role revoke editor alice"),
            ("role grant", "ostiary role grant editor alice"),
            ("role revoke", "ostiary role revoke editor alice"),
            ("role list", "ostiary role list --policy policy.yaml"),
        ])
    func help(command: String, example: String) throws {
        let help = try shell.output("ostiary \(command) --help")
        #expect(help.contains(example))
        #expect(help.contains("USAGE: ostiary \(command)".trimmed))
    }

    @Test("completion scripts exist for the usual shells", arguments: ["bash", "zsh", "fish"])
    func completion(shellName: String) throws {
        let script = try shell.output("ostiary --generate-completion-script \(shellName)")
        #expect(script.contains("ostiary"))
    }

    @Test(
        "a wrong command line is one line and status 64",
        arguments: [
            (
                "frobnicate",
                "unexpected argument `frobnicate`; known are `serve`, `user`, `role`, `policy`, "
                    + "`keys`, `token`, `config`; see `ostiary --help`"
            ),
            ("serve x", "unexpected argument `x`; see `ostiary serve --help`"),
            (
                "serve --upstrem u",
                "unknown option `--upstrem`; did you mean `--upstream`?; see `ostiary serve --help`"
            ),
            (
                "serve --upstream",
                "missing value for `--upstream <url>`; see `ostiary serve --help`"
            ),
            (
                "serve --set limits.head",
                "--set must be `key=value`, not `limits.head`; see `ostiary serve --help`"
            ),
            (
                "policy check",
                "missing expected argument `<file> ...`; see `ostiary policy check --help`"
            ),
            (
                "token mint",
                "missing expected argument `--sub <subject>`; "
                    + "see `ostiary token mint --help`"
            ),
            (
                "keys generate",
                "missing expected argument `--out <file>`; see `ostiary keys generate --help`"
            ),
            (
                "keys generate --out k.pem --alg HS256",
                "--alg must be one of `ES256`, `ES384`, `ES512`, `EdDSA`, `RS256`, `RS384`, `RS512`, "
                    + "`PS256`, `PS384`, `PS512`, not `HS256`"
            ),
            (
                "token mint --sub a --alg PS256",
                "--alg is for a key of --key; the data folder's keys have their algorithms"
            ),
            (
                "keys generate --out -",
                "--out must name a file, not `-`, because the public keys go to standard output"
            ),
            (
                "keys generate --out k.pem --public ./k.pem --force",
                "--out and --public must be two files; `./k.pem` cannot hold both keys"
            ),
            (
                "serve \"don't\"", "unexpected argument `don't`; see `ostiary serve --help`"
            ),
            (
                "--generate-completion-script nosh",
                "can't generate completion scripts for `nosh`; "
                    + "please use --generate-completion-script=<shell> with one of: "
                    + "zsh, bash, fish; see `ostiary --help`"
            ),
            (
                "token mint --sub a --lifetime 10",
                "--lifetime must be a length of time such as `15m` or `1h`, not `10`"
            ),
            (
                "token mint --sub a --claim x",
                "--claim must be `name=json`, not `x`"
            ),
            (
                "token mint --sub a --claim dept=ops",
                "--claim dept: `ops` is not JSON; text needs quotes: `--claim 'dept=\"ops\"'`"
            ),
            (
                "token verify --key k --secret s x",
                "pass only one of --key, --secret and --jwks-url; see `ostiary token verify --help`"
            ),
            (
                "token verify --issuer https://id.test --config c x",
                "--key, --secret, --jwks-url and --issuer describe an issuer, --config and the like "
                    + "name a configuration that does; pass only one of the two; "
                    + "see `ostiary token verify --help`"
            ),
            (
                "token verify --audience a x",
                "--audience and what allows fetching belong to --key, --secret, --jwks-url or "
                    + "--issuer; a configuration has its own; see `ostiary token verify --help`"
            ),
            (
                "token verify --key k --allow-http x",
                "nothing is fetched with --key or --secret; leave out --ca and --allow-…; "
                    + "see `ostiary token verify --help`"
            ),
            (
                "token verify --jwks-url http://id.test/k x",
                "--jwks-url must begin with `https://`: whoever is on the way of `http:` can replace "
                    + "the keys; use `https://`, or allow it with --allow-http"
            ),
            (
                "token verify --issuer https://127.0.0.1 x",
                "--issuer is at a loopback address, from where keys are not fetched; if you mean it, "
                    + "pass --allow-private-addresses"
            ),
            (
                "token verify --issuer id.test x",
                "--issuer must be a URL such as `https://id.example.com/jwks.json`, not `id.test`"
            ),
            (
                "keys fetch",
                "missing expected argument `<issuer>`; see `ostiary keys fetch --help`"
            ),
            (
                "keys fetch https://id.test --config c",
                "the keys of a URL are not in the configuration; leave out --config and the like, "
                    + "or name the issuer as the policy does; see `ostiary keys fetch --help`"
            ),
            (
                "keys fetch corp --ca ca.pem",
                "what may be fetched for an issuer of the policy is in the configuration; write for "
                    + "example --set issuers.corp.ca=ca.pem; see `ostiary keys fetch --help`"
            ),
            (
                "keys fetch ftp://id.test",
                "the issuer must begin with `https://`, not with `ftp:`"
            ),
            (
                "token inspect --key k --verify x",
                "--key verifies with one file, --config and the like with the configuration; "
                    + "pass only one of them; see `ostiary token inspect --help`"
            ),
        ])
    func usage(arguments: String, message: String) throws {
        #expect(
            try shell.failure("ostiary \(arguments)")
                == Shell.Failure(status: 64, error: "ostiary: \(message)\n"))
    }

    @Test("serve without an upstream is one line and status 78")
    func noUpstream() throws {
        #expect(
            try shell.failure("ostiary serve")
                == Shell.Failure(
                    status: 78,
                    error: "ostiary: no upstream is set; say where your app listens: "
                        + "`--upstream http://127.0.0.1:8050`, or `upstreams: "
                        + "{app: {url: http://127.0.0.1:8050}}` in the configuration file\n"))
    }

    @Test("each error of configuration, environment and flags is a line of its own, status 78")
    func badConfiguration() throws {
        try shell.folder.write("ostiary.yaml", "version: 1\nthreds: 2\nlimits: {body: 64M}\n")
        #expect(
            try shell.failure(
                "OSTIARY_LOG_LEVEL=loud ostiary serve --config ostiary.yaml --set threads=0 "
                    + "--upstream h:1"
            )
                == Shell.Failure(
                    status: 78,
                    error: """
                        ostiary: ostiary.yaml:2:1: unknown key `threds`; did you mean `threads`?
                        ostiary: ostiary.yaml:3:16: `limits.body` must be a size such as `16KiB`, \
                        `32MiB` or `65536`, not `64M`
                        ostiary: --upstream: must be a URL such as `http://127.0.0.1:8050`, \
                        not `h:1`; did you mean `http://h:1`?
                        ostiary: --set threads: must be a whole number between 1 and 256, not `0`
                        ostiary: OSTIARY_LOG_LEVEL: must be one of `trace`, `debug`, `info`, \
                        `notice`, `warning`, `error`, not `loud`

                        """))
    }

    @Test("a policy or a configuration that is not there is one line")
    func missingFiles() throws {
        #expect(
            try shell.failure("ostiary serve --config none.yaml")
                == Shell.Failure(
                    status: 78,
                    error: "ostiary: cannot read the configuration file `none.yaml`: "
                        + "no such file or directory\n"))
        #expect(
            try shell.failure("ostiary serve --upstream http://h:1 --policy none.yaml")
                == Shell.Failure(
                    status: 78,
                    error: "ostiary: --policy: names a file that cannot be read: `none.yaml`: "
                        + "no such file or directory\n"))
    }

    @Test(
        "a named pipe is refused wherever a file is named, and never waited for",
        arguments: [
            ("serve --config pipe", 78, "cannot read the configuration file `pipe`: "),
            (
                "serve --upstream http://h:1 --policy pipe", 78,
                "--policy: names a file that cannot be read: `pipe`: "
            ),
            ("policy check pipe", 1, "cannot read the policy `pipe`: "),
            ("token mint --sub a --issuer i --key pipe", 1, "the key `pipe` cannot be used: "),
            ("token inspect --key pipe x", 1, "the key file `pipe` cannot be used: "),
        ] as [(String, Int32, String)])
    func namedPipe(arguments: String, status: Int32, message: String) throws {
        #expect(
            try shell.failure("mkfifo pipe && ostiary \(arguments)")
                == Shell.Failure(
                    status: status,
                    error: "ostiary: \(message)it is a named pipe, not a regular file\n"))
    }

    @Test("a configuration can come from standard input, of a pipe and of a file")
    func standardInput() throws {
        let good = "the configuration is good\n"
        let check = "ostiary config check --upstream http://h:1 --config /dev/stdin"
        #expect(try shell.output("echo 'version: 1' | \(check)").hasPrefix(good))
        #expect(try shell.output("echo 'version: 1' > c && \(check) < c").hasPrefix(good))
    }

    @Test("policy check shows the routes of good files and the errors of bad ones")
    func policyCheck() throws {
        try shell.folder.write(
            "good.yaml",
            """
            version: 1
            issuers: {local: {embedded: true}}
            roles: {viewer: {}}
            routes:
              - {id: home, match: GET /, auth: public}
              - {id: reports, match: ANY /reports/**, allow: {role: viewer}}
            """)
        try shell.folder.write(
            "bad.yaml", "version: 1\nrolez: {viewer: {}}\nroutes: []\n")
        #expect(
            try shell.output("ostiary policy check good.yaml") == """
                good.yaml: ok, 2 routes, default deny
                  home     GET|HEAD  /            anyone
                  reports  ANY       /reports/**  role viewer

                """)
        let outcome = try shell("ostiary policy check bad.yaml good.yaml none.yaml")
        #expect(outcome.status == 1)
        #expect(outcome.output.hasPrefix("good.yaml: ok"))
        #expect(
            outcome.error == """
                ostiary: bad.yaml:2:1: unknown key `rolez`
                  |
                2 | rolez: {viewer: {}}
                  | ^
                  = did you mean `roles`?
                ostiary: cannot read the policy `none.yaml`: no such file or directory

                """)
    }

    @Test(
        "whatever loads a policy shows the line that is wrong",
        arguments: [
            "serve --upstream http://h:1", "config check --upstream http://h:1", "keys fetch corp",
        ])
    func policyExcerpt(command: String) throws {
        try shell.folder.write("bad.yaml", "version: 1\ntests: \"a\\nb\"\nroutes: []\n")
        #expect(
            try shell.failure("ostiary \(command) --policy bad.yaml")
                == Shell.Failure(
                    status: 78,
                    error: """
                        ostiary: bad.yaml:2:8: `tests` must be one of `optional`, `required`, not `a b`
                          |
                        2 | tests: "a\\nb"
                          |        ^

                        """))
    }

    @Test("config check says what would be served, and makes nothing")
    func configCheck() throws {
        let path = shell.folder.path
        #expect(
            try shell.output("ostiary config check --upstream http://app:8050") == """
                the configuration is good
                  listening on   http://127.0.0.1:8080
                  public URL     http://127.0.0.1:8080
                  forwarding to  http://app:8050 (`app`)
                  policy         (built in), 3 routes
                  issuer         `local`: embedded, its first key will be made in \
                `\(path)/.local/share/ostiary/keys`

                """)
        #expect(try shell.output("ls -A") == "")
    }

    @Test("config reference lists every setting, for the terminal and as Markdown")
    func reference() throws {
        let text = try shell.output("ostiary config reference")
        #expect(
            text.contains(
                "limits.head   OSTIARY_LIMITS_HEAD\n    size, 1KiB to 1MiB; default: 64KiB\n"))
        let markdown = try shell.output("ostiary config reference --markdown")
        #expect(
            markdown.contains(
                "| `limits.head` | size | 1KiB – 1MiB | `64KiB` | `OSTIARY_LIMITS_HEAD` |"))
    }
}

extension String {
    /// Without the spaces at the end that an empty command leaves.
    fileprivate var trimmed: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
