import TestSupport
import Testing

@Suite("Key and token transcripts", .blocking)
struct TokenTranscriptTests {
    private let shell: Shell

    init() throws { shell = try Shell() }

    @Test(
        "a generated key signs tokens that its public key set verifies",
        arguments: ["ES256", "ES384", "ES512", "EdDSA", "RS256", "RS512", "PS256", "PS384"])
    func roundTrip(algorithm: String) throws {
        let keys = try shell.output(
            "ostiary keys generate --alg \(algorithm) --out signing.pem > jwks.json && cat jwks.json"
        )
        #expect(keys.hasPrefix("{\"keys\":[{") && keys.contains("\"alg\":\"\(algorithm)\""))
        #expect(!keys.contains("\"d\":"))
        #expect(try shell.output("stat -c %a signing.pem") == "600\n")
        let report = try shell.output(
            "ostiary token mint --key signing.pem --alg \(algorithm) --issuer https://id.test "
                + "--audience app --lifetime 90m --sub alice --role viewer --role editor "
                + "--claim 'departments=[\"ops\"]' "
                + "| ostiary token inspect --jwks jwks.json")
        #expect(report.hasPrefix("valid: the signature and the times are right; "))
        for part in [
            "\"sub\": \"alice\"", "\"iss\": \"https://id.test\"", "\"aud\": \"app\"", "\"ops\"",
            "\"editor\"", ", in 1 hour",
        ] {
            #expect(report.contains(part), "\(part)")
        }
    }

    @Test("keys generate does not replace a file unless it is told to")
    func noOverwriting() throws {
        _ = try shell.output("ostiary keys generate --out k.pem --public k.json")
        #expect(try shell.output("stat -c %a k.json") == "644\n")
        let before = try shell.output("cat k.pem")
        #expect(
            try shell.failure("ostiary keys generate --out k.pem")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: `k.pem` exists; choose another name, "
                        + "or replace it with --force\n"))
        #expect(
            try shell.failure("ostiary keys generate --out new.pem --public k.json").status == 1)
        #expect(try shell.output("ls; cat k.pem") == "k.json\nk.pem\n" + before)
        _ = try shell.output("ostiary keys generate --out k.pem --public k.json --force")
        #expect(try shell.output("cat k.pem") != before)
        #expect(
            try shell.failure("ostiary keys generate --out no/k.pem")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: cannot write `no/k.pem`: no such file or directory\n"))
    }

    @Test("keys generate that fails for one file changes neither")
    func bothOrNeither() throws {
        #expect(
            try shell.failure("ostiary keys generate --out new.pem --public no/k.json")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: cannot write `no/k.json`: no such file or directory\n"))
        #expect(try shell.output("ls -A") == "")
        _ = try shell.output("ostiary keys generate --out k.pem --public k.json && mkdir folder")
        let before = try shell.output("cat k.pem k.json")
        for names in ["--out k.pem --public folder", "--out folder --public k.json"] {
            #expect(
                try shell.failure("ostiary keys generate --force \(names)")
                    == Shell.Failure(
                        status: 1, error: "ostiary: cannot write `folder`: is a directory\n"))
            #expect(try shell.output("ls -A") == "folder\nk.json\nk.pem\n")
            #expect(try shell.output("cat k.pem k.json") == before)
        }
        #expect(
            try shell.output("ostiary keys generate --out other.pem --public -")
                .hasPrefix("{\"keys\":[{"))
        #expect(try shell.output("ls -A") == "folder\nk.json\nk.pem\nother.pem\n")
    }

    @Test("a key file of the wrong kind is told once, and before its mode")
    func wrongKindOfKey() throws {
        _ = try shell.output("ostiary keys generate --out a.pem --public a.json")
        #expect(
            try shell.failure("ostiary token mint --sub a --issuer i --key a.json")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: the key `a.json` cannot be used: this is JSON, "
                        + "such as a JWK set; a private key in PEM is expected\n"))
        #expect(
            try shell.failure("ostiary token inspect --key a.pem x")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: the key file `a.pem` cannot be used: this is a private key; "
                        + "name a file that holds only its public key\n"))
        #expect(
            try shell.failure(
                "chmod 644 a.pem && ostiary token mint --sub a --issuer i --key a.pem")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: the key `a.pem` cannot be used: others can read it "
                        + "(mode 644); run `chmod 600 a.pem`\n"))
    }

    @Test("a file of the wrong kind says what it is for, and once what is wrong")
    func secretFiles() throws {
        _ = try shell.output(
            "umask 077 && printf %s short > s.key && head -c 64 /dev/zero > raw.key")
        #expect(
            try shell.failure("ostiary token verify --secret s.key x")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: the secret `s.key` cannot be used: the secret is shorter than "
                        + "its hash: HS256 takes 32 bytes or more, HS384 48, HS512 64\n"))
        for command in ["verify", "inspect"] {
            #expect(
                try shell.failure("ostiary token \(command) --key raw.key x")
                    == Shell.Failure(
                        status: 1,
                        error:
                            "ostiary: the key file `raw.key` cannot be used: it is neither a JWK "
                            + "set nor a key in PEM; a secret is for `ostiary token verify --secret`\n"
                    ))
        }
    }

    @Test(
        "keys fetch of an unknown issuer says what may have been meant",
        arguments: [
            (
                "corp",
                "the built-in policy has no issuer `corp`; name your configuration with --config"
            ),
            ("locla --set threads=1", "the policy has no issuer `locla`; did you mean `local`?"),
            (
                "id.test",
                "the policy has no issuer `id.test`; if it is the host of one, write "
                    + "`https://id.test`"
            ),
        ])
    func unknownIssuer(arguments: String, message: String) throws {
        #expect(
            try shell.failure("ostiary keys fetch \(arguments)")
                == Shell.Failure(status: 1, error: "ostiary: \(message)\n"))
    }

    @Test("a token of another issuer may have roles that the policy does not know")
    func foreignRoles() throws {
        _ = try shell.output("ostiary keys generate --out a.pem --public a.json")
        let report = try shell.output(
            "ostiary token mint --key a.pem --issuer i --sub a --role nosuch "
                + "| ostiary token inspect --key a.json")
        #expect(report.contains("\"nosuch\""))
    }

    @Test("token mint makes the data folder's key once and prints nothing but the token")
    func embedded() throws {
        let first = try shell.output("ostiary token mint --sub alice --role viewer")
        #expect(first.split(separator: ".").count == 3 && first.hasSuffix("\n"))
        #expect(first.split(separator: "\n").count == 1)
        _ = try shell.output("ostiary token mint --sub bob")
        #expect(try shell.output("ls .local/share/ostiary/keys | wc -l") == "1\n")
        #expect(try shell.output("stat -c %a .local/share/ostiary/keys/*.pem") == "600\n")
        #expect(
            try shell.output("stat -c %a .local/share/ostiary .local/share/ostiary/keys")
                == "700\n700\n")
        let report = try shell.output(
            "ostiary token mint --sub alice | ostiary token inspect --verify -")
        #expect(report.hasPrefix("valid: accepted from the issuer `local`\n"))
    }

    @Test("a token for another public URL is refused with the reason code and status 1")
    func wrongIssuer() throws {
        let outcome = try shell(
            "ostiary token mint --sub alice | ostiary token inspect --set public_url=https://a.test"
        )
        #expect(outcome.status == 1)
        #expect(outcome.output.hasPrefix("not valid: token_issuer: "))
        #expect(outcome.error == "")
    }

    @Test("a token of another key is refused with the reason code and status 1")
    func wrongKey() throws {
        let outcome = try shell(
            "ostiary keys generate --out a.pem > a.json && ostiary keys generate --out b.pem > b.json"
                + " && ostiary token mint --key a.pem --issuer i --sub alice"
                + " | ostiary token inspect --key b.json")
        #expect(outcome.status == 1)
        #expect(outcome.output.hasPrefix("not valid: token_unknown_key: "))
    }

    @Test("inspect says what is wrong with a malformed token, status 1")
    func malformed() throws {
        let outcome = try shell("ostiary token inspect 'Bearer e30.e30'")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("problems:\n  token_malformed: "))
        #expect(
            try shell.failure("ostiary token inspect < /dev/null")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: there is no token; "
                        + "pass it as an argument or on standard input\n"))
    }

    @Test("inspect without keys says that nothing was verified")
    func unverified() throws {
        let report = try shell.output("ostiary token mint --sub alice | ostiary token inspect")
        #expect(report.hasPrefix("not verified: "))
    }

    @Test(
        "mint refuses what could not work, in one line",
        arguments: [
            (
                "--role viewr", 1,
                "--role: the policy (built in) declares no role `viewr`; did you mean `viewer`?"
            ),
            (
                "--role viewer --role nosuch", 1,
                "--role: the policy (built in) declares no role `nosuch`; "
                    + "known are `admin`, `editor`, `viewer`"
            ),
            ("--lifetime 7d", 1, "--lifetime is longer than the policy accepts, which is `1d`"),
            ("--claim sub=1", 1, "no token: the claim `sub` is already set; leave it out"),
            (
                "--key none.pem", 1,
                "the key `none.pem` cannot be used: no such file or directory"
            ),
            (
                "--config none.yaml", 78,
                "cannot read the configuration file `none.yaml`: no such file or directory"
            ),
        ] as [(String, Int32, String)])
    func refusals(arguments: String, status: Int32, message: String) throws {
        #expect(
            try shell.failure("ostiary token mint --sub alice \(arguments)")
                == Shell.Failure(status: status, error: "ostiary: \(message)\n"))
    }
}
