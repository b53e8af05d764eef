import Foundation
import TestSupport
import Testing

/// While no server runs: the commands do their work in the data folder themselves.
@Suite("Account transcripts", .blocking)
struct AccountTranscriptTests {
    private let shell: Shell

    init() throws { shell = try Shell() }

    @Test("the first administrator has both flags and the role `admin`")
    func superuser() throws {
        #expect(
            try shell.output("\(Self.password) | ostiary user superuser root \(Self.email("root"))")
                == "created the superuser `root` with the role `admin`\n")
        let shown = try shell.output("ostiary user show root")
        #expect(shown.contains("status        active, staff, superuser\n"))
        #expect(shown.contains("roles         admin\n"))
        #expect(
            try shell.output("stat -c %a .local/share/ostiary .local/share/ostiary/*")
                .split(separator: "\n").allSatisfy { ["700", "600"].contains($0) })
    }

    @Test("a policy without the role `admin` makes a superuser without a role, and says so")
    func superuserWithoutRole() throws {
        try shell.folder.write(
            "policy.yaml",
            """
            version: 1
            issuers: {local: {embedded: true}}
            roles: {owner: {}}
            routes: [{id: all, match: ANY /**, allow: {role: owner}}]
            """)
        #expect(
            try shell.output(
                "\(Self.password) | ostiary user superuser root \(Self.email("root")) "
                    + "--policy policy.yaml")
                == "created the superuser `root` without a role, because the policy "
                + "`policy.yaml` declares no `admin`: give it one with "
                + "`ostiary role grant ROLE root`\n")
        #expect(
            try shell.output(
                "\(Self.password) | ostiary user superuser eve \(Self.email("eve")) --role owner "
                    + "--policy policy.yaml")
                == "created the superuser `eve` with the role `owner`\n")
        #expect(try shell.output("ostiary role list --policy policy.yaml") == "owner\n")
    }

    @Test("accounts are listed and shown as text and as JSON")
    func look() throws {
        #expect(
            try shell.output("ostiary user list")
                == "no account yet; make one with `ostiary user create`\n")
        #expect(try shell.output("ostiary user list --json") == "[]\n")
        #expect(try shell.output("ls -A") == "")
        try create("alice", "--role viewer --full-name 'Alice L.' --birth-date 1990-02-28")
        try create("Bob", "--group ops --permission app.see --staff --disabled")
        #expect(
            try shell.output("ostiary user list") == """
                USERNAME  E-MAIL             ROLES   STATUS           LAST SIGN-IN
                alice     alice@example.com  viewer  active           never
                Bob       Bob@example.com    -       disabled, staff  never

                """)
        let shown = try shell.output("ostiary user show ALICE@example.com")
        #expect(
            shown.split(separator: "\n").map { $0.prefix(13) } == [
                "id           ", "username     ", "e-mail       ", "full name    ", "bio          ",
                "birth date   ", "status       ", "roles        ", "groups       ", "permissions  ",
                "created      ", "updated      ", "last sign-in ",
            ])
        #expect(shown.contains("full name     Alice L.\nbio           -\nbirth date    1990-02-28"))
        let object = try JSONObject(Array(try shell.output("ostiary user show bob --json").utf8))
        #expect(object.string("username") == "Bob")
        #expect(object.strings("groups") == ["ops"])
        #expect(object.strings("permissions") == ["app.see"])
        #expect(object.bool("is_active") == false && object.bool("is_staff") == true)
        #expect(object.isNull("last_login") && object.isNull("birth_date"))
        let id = try #require(object.string("id"))
        #expect(try shell.output("ostiary user show \(id)").contains("username      Bob\n"))
        #expect(
            try shell.output("ostiary user list --json | grep -c '\"username\"'") == "2\n")
    }

    @Test("what is changed is said, also that there was nothing to change")
    func changes() throws {
        try create("alice")
        for (command, said) in [
            (
                "role grant admin alice",
                "granted `admin` to `alice`; it counts from the next token on"
            ),
            ("role grant admin alice", "`alice` has the role `admin` already"),
            (
                "role revoke admin alice@example.com",
                "revoked `admin` from `alice`; it is gone from the next token on"
            ),
            ("role revoke admin alice", "`alice` does not have the role `admin`"),
            ("user set alice --bio x --add-group ops --superuser", "changed `alice`"),
            (
                "user set alice --bio x --add-group ops",
                "nothing to change: `alice` is like that already"
            ),
            ("user set alice --remove-group ops --no-superuser --bio ''", "changed `alice`"),
            ("user set alice --add-permission app.see --birth-date 2000-01-01", "changed `alice`"),
            ("user set alice --username Alicia --email al@example.com", "changed `Alicia`"),
            (
                "user disable alicia",
                "disabled `Alicia`; its sessions have ended, and it cannot sign in"
            ),
            ("user enable alicia", "enabled `Alicia`; it can sign in again"),
            ("user enable alicia", "`Alicia` is enabled already"),
        ] {
            #expect(try shell.output("ostiary \(command)") == said + "\n", "\(command)")
        }
        let shown = try shell.output("ostiary user show al@example.com")
        #expect(shown.contains("groups        -\npermissions   app.see\n"))
        #expect(shown.contains("bio           -\nbirth date    2000-01-01\n"))
        #expect(try shell.output("ostiary user set alicia --birth-date ''") == "changed `Alicia`\n")
    }

    @Test(
        "what cannot be done is one line and status 1",
        arguments: [
            (
                "user show bob",
                "there is no account `bob`; name it by ID, e-mail address or user name"
            ),
            (
                "role grant viewr alice",
                "the policy declares no role `viewr`; did you mean `viewer`?"
            ),
            (
                "role grant boss alice",
                "the policy declares no role `boss`; known are `admin`, `editor`, `viewer`"
            ),
            (
                "role revoke viewr alice",
                "`alice` does not have the role `viewr`, which the policy (built in) does not "
                    + "declare either"
            ),
            (
                "user create bob --email bob@example.com --generate-password --role viewr",
                "the policy (built in) declares no role `viewr`; did you mean `viewer`?"
            ),
            (
                "user create ALICE --email other@example.com --generate-password",
                "another account has this user name; choose another one"
            ),
            (
                "user create bob --email Alice@Example.com --generate-password",
                "another account has this e-mail address; choose another one"
            ),
            (
                "user create b@b --email nowhere --birth-date 1990-02-30 --generate-password",
                "`username` must not hold `@`, which marks e-mail addresses; "
                    + "`email` must be an e-mail address such as `alice@example.com`; "
                    + "`birth_date` must be a date such as `1990-02-28`"
            ),
            (
                "user set alice --add-permission see",
                "`permissions` must have names such as `reports.view_report`, "
                    + "of at most 255 characters"
            ),
        ])
    func refusals(command: String, message: String) throws {
        try create("alice")
        #expect(
            try shell.failure("ostiary \(command)")
                == Shell.Failure(status: 1, error: "ostiary: \(message)\n"))
    }

    @Test(
        "a wrong command line is one line and status 64",
        arguments: [
            (
                "user create --email a@b.c",
                "missing expected argument `<username>`; see `ostiary user create --help`"
            ),
            (
                "user create alice",
                "missing expected argument `--email <address>`; see `ostiary user create --help`"
            ),
            (
                "user create alice --email a@b.test --password secret",
                "unknown option `--password`; see `ostiary user create --help`"
            ),
            (
                "user passwd alice --generate-password --password-stdin",
                "--password-stdin, --password-file and --generate-password: pass only one of "
                    + "them; see `ostiary user passwd --help`"
            ),
            (
                "user set alice",
                "nothing is to be changed; name at least one option; see `ostiary user set --help`"
            ),
            (
                "user set alice --add-group a --add-group b --remove-group b",
                "the group `b` is both to be added and to be removed; "
                    + "see `ostiary user set --help`"
            ),
            (
                "role grant viewer",
                "missing expected argument `<account>`; see `ostiary role grant --help`"
            ),
        ])
    func usage(arguments: String, message: String) throws {
        #expect(
            try shell.failure("ostiary \(arguments)")
                == Shell.Failure(status: 64, error: "ostiary: \(message)\n"))
    }

    @Test("a policy without an embedded issuer knows no accounts")
    func noEmbeddedIssuer() throws {
        try shell.folder.write(
            "policy.yaml",
            """
            version: 1
            issuers:
              corp: {issuer: "https://id.test", audience: app, algorithms: [ES256]}
            roles: {viewer: {}}
            routes: [{id: all, match: GET /**, allow: {role: viewer}}]
            """)
        #expect(
            try shell.failure("ostiary user list --policy policy.yaml")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: the policy `policy.yaml` has no embedded issuer, so it knows "
                        + "no accounts; write `issuers: {local: {embedded: true}}` in it\n"))
    }

    @Test("a wrong configuration is told as `serve` tells it, status 78")
    func configuration() throws {
        #expect(
            try shell.failure("ostiary user list --set registration.default_roles=viewr")
                == Shell.Failure(
                    status: 78,
                    error: "ostiary: --set registration.default_roles: names the role `viewr`, "
                        + "which the policy (built in) does not declare; did you mean `viewer`?\n"))
    }

    @Test("a database of a newer version is left alone, in one line")
    func newerSchema() throws {
        try create("alice")
        _ = try shell.output(
            "/usr/bin/python3 -c 'import sqlite3; "
                + "base = sqlite3.connect(\".local/share/ostiary/ostiary.sqlite\"); "
                + "base.execute(\"insert into grdb_migrations values (?)\", [\"9999 later\"]); "
                + "base.commit()'")
        let failure = try shell.failure("ostiary user show alice")
        #expect(failure.status == 1)
        #expect(
            failure.error.hasPrefix(
                "ostiary: the accounts in `\(shell.folder.path)/.local/share/ostiary` cannot be "
                    + "used: a newer version has written the database (it has `9999 later`, "))
        #expect(failure.error.split(separator: "\n").count == 1)
    }

    @Test("without a data folder only a new account makes one")
    func noFolder() throws {
        #expect(
            try shell.failure("ostiary role grant viewer alice")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: there is no account yet, and no data folder "
                        + "`\(shell.folder.path)/.local/share/ostiary`; make an account with "
                        + "`ostiary user create`\n"))
        #expect(try shell.output("ls -A") == "")
    }

    @Test("a name that would repaint the terminal is shown escaped")
    func hostileNames() throws {
        try create("alice", "--full-name \"$(printf 'x\\342\\200\\256y')\"")
        #expect(try shell.output("ostiary user show alice").contains("full name     x\\u{202e}y\n"))
    }

    @Test("commands at one time wait for one another")
    func together() throws {
        try create("alice")
        let line =
            (0..<6).map { "ostiary user set alice --add-group g\($0) & " }.joined() + "wait"
        let outcome = try shell(line)
        #expect(outcome.error == "")
        #expect(outcome.output == String(repeating: "changed `alice`\n", count: 6))
        #expect(
            try shell.output("ostiary user show alice")
                .contains("groups        g0, g1, g2, g3, g4, g5\n"))
    }

    @Test(
        "root does not write into the data folder of somebody else",
        .enabled(
            if: geteuid() == 0 && FileManager.default.fileExists(atPath: "/usr/sbin/runuser"),
            "only root can become another user, with runuser"))
    func foreignFolder() throws {
        try create("alice")
        let data = "\(shell.folder.path)/.local/share/ostiary"
        _ = try shell.output("chown -R nobody .local")
        let user = try shell.output("id -u nobody").dropLast()
        #expect(
            try shell.failure("ostiary user list")
                == Shell.Failure(
                    status: 1,
                    error: "ostiary: the data folder `\(data)` belongs to the user \(user), whose "
                        + "server could not use what root writes there; run this as that user: "
                        + "`sudo -u '#\(user)' ostiary …`\n"))
    }

    private func create(_ name: String, _ options: String = "") throws {
        let said = try shell.output(
            "\(Self.password) | ostiary user create \(name) \(Self.email(name)) \(options)")
        #expect(said.hasPrefix("created `\(name)`"))
    }

    private static let password = "printf 'correct horse battery\\n'"

    private static func email(_ name: String) -> String {
        "--email \(name)@example.com --password-stdin"
    }
}
