import TestSupport
import Testing

@Suite("Transcripts of the tools for policies", .blocking)
struct PolicyToolTranscriptTests {
    private let shell: Shell

    init() throws {
        shell = try Shell()
        _ = try shell.output(
            """
            cat > app.yaml <<'END'
            version: 1
            hosts: [app.test]
            issuers: {local: {embedded: true}}
            claims: {subject: sub, roles: roles}
            roles: {viewer: {}, admin: {includes: [viewer]}}
            defaults:
              auth: required
              identity: {headers: {X-Auth-User: subject}}
            routes:
              - {id: assets, match: GET /assets/**, auth: public}
              - {id: ui, match: GET /**, allow: {role: viewer}}
              - {id: users, match: "ANY /users/{user}", allow: {equal: [path.user, claims.subject]}}
            END
            cat > app.test.yaml <<'END'
            as:
              alice: {sub: alice, roles: [viewer]}
            cases:
              - {as: alice, GET: /, expect: allow, route: ui}
              - {as: alice, GET: /users/root, expect: deny, reason: condition_false}
            matrix: {golden: app.matrix.txt}
            END
            """)
    }

    @Test("the way of a golden file: missing, written, compared, changed")
    func golden() throws {
        let first = try shell("ostiary policy test")
        #expect(first.status == 1)
        #expect(first.output.contains("app.test.yaml:6:18: there is no golden file `app.matrix"))
        #expect(first.output.contains("app.yaml: FAILED, 2 cases, no matrix to compare with"))
        #expect(first.error == "ostiary: 1 matrix is not as reviewed\n")
        #expect(
            try shell.output("ostiary policy test --update")
                == "app.yaml: ok, 2 cases, matrix written to `app.matrix.txt`\n")
        #expect(
            try shell.output("ostiary policy test app.yaml")
                == "app.yaml: ok, 2 cases, matrix as in `app.matrix.txt`\n")
        #expect(
            try shell.output("cat app.matrix.txt") == """
                route   match              anonymous  viewer  admin
                ui      GET /**            401        allow   allow
                assets  GET /assets/**     allow      allow   allow
                users   ANY /users/{user}  401        if [1]  if [1]

                [1] path.user = claims.subject

                """)
        let changed = try shell("sed -i 's/viewer}}$/admin}}/' app.yaml && ostiary policy test")
        #expect(changed.status == 1)
        let text = changed.output
        #expect(text.contains("app.test.yaml:4:5: alice GET /: expected `allow`, but it is"))
        #expect(text.contains("  - ui      GET /**            401        allow   allow\n"))
        #expect(text.contains("  + ui      GET /**            401        403     allow\n"))
        #expect(changed.error == "ostiary: 1 of 2 cases failed, 1 matrix is not as reviewed\n")
        // The summary is the last line also where both streams go into one file.
        let together = try shell(
            "ostiary policy test app.yaml ./app.test.yaml > both 2>&1; cat both")
        #expect(
            together.output.hasSuffix(
                """
                FAILED, 2 cases, 1 failed, the matrix differs
                ostiary: 2 of 4 cases failed, 2 matrices are not as reviewed

                """))
    }

    @Test("results are also written as JUnit XML, for bad policies too")
    func junit() throws {
        _ = try shell("ostiary policy test --update --junit r.xml")
        #expect(try shell.output("cat r.xml").contains("<testsuites tests=\"2\" failures=\"0\" "))
        let bad = try shell("echo 'version: 2' > app.yaml; ostiary policy test --junit r.xml")
        #expect(bad.status == 1)
        #expect(bad.error.contains("app.yaml:1:10: version `2` is not known"))
        #expect(try shell.output("cat r.xml").contains("<testsuites tests=\"1\" failures=\"1\" "))
    }

    @Test("a report goes into what there is: links, pipes and standard output stay what they are")
    func places() throws {
        _ = try shell("ostiary policy test --update")
        let piped = try shell.output("ostiary policy test --junit /dev/stdout")
        #expect(piped.hasPrefix("app.yaml: ok, 2 cases, matrix as in `app.matrix.txt`\n<?xml "))
        _ = try shell.output("echo old > r.xml && chmod 600 r.xml && ln -s r.xml link.xml")
        _ = try shell.output("ostiary policy test --junit link.xml && test -L link.xml")
        #expect(try shell.output("stat -c %a r.xml && head -c 5 r.xml") == "600\n<?xml")
        let pipe = try shell.output(
            "mkfifo pipe && (cat pipe > got &) && ostiary policy test --junit pipe && test -p pipe")
        #expect(pipe.hasPrefix("app.yaml: ok"))
        let full = try shell("ostiary policy matrix app.yaml > /dev/full")
        #expect(full.status == 1)
        #expect(
            full.error == "ostiary: cannot write to standard output: no space left on device\n")
    }

    @Test(
        "what cannot be tested or asked is said with what to do",
        arguments: [
            ("policy test none.yaml", 1, "there is no file `none.yaml`"),
            ("policy test /etc/hostname", 1, "`/etc/hostname` has no tests"),
            ("policy test odd.yaml", 1, "cannot read the tests `odd.test.yaml`: it is not UTF-8"),
            (
                "policy chekc app.yaml", 64,
                "`chekc`, `app.yaml`; did you mean `check`?; see `ostiary"
            ),
            ("plicy check app.yaml", 64, "did you mean `policy`?"),
            ("policy check app.test.yaml", 1, "is a file of tests, not a policy: name the policy"),
            ("policy explain app.yaml GET /", 64, "name the policy with `--policy app.yaml`; see"),
            ("policy fmt bad.yaml", 1, "\n1 | version: 2\n  |          ^\n  = write `version: 1`"),
            ("policy explain --policy app.yaml --as alise GET /", 1, "did you mean `alice`?"),
            ("policy explain --policy app.yaml --role vewer GET /", 1, "did you mean `viewer`?"),
            ("policy explain --as alice GET /", 1, "the built-in policy has none"),
            ("policy explain get /", 64, "methods are case-sensitive: write `GET`"),
            ("policy explain FETCH /", 64, "unknown method `FETCH`; write one of GET"),
            ("policy explain --ip here GET /", 64, "--ip must be an address, not `here`"),
            ("policy explain --at noon GET /", 64, "--at must be a time such as"),
            ("policy explain --claims '[1]' GET /", 64, "--claims must be an object"),
            ("policy explain --claims '{' GET /", 64, "--claims is no JSON"),
            ("policy explain --anonymous --role viewer GET /", 64, "pass only one of --as"),
            ("policy matrix app.yaml --roles vewer", 1, "no role `vewer`; did you mean `viewer`?"),
        ])
    func mistakes(line: String, status: Int32, message: String) throws {
        _ = try shell.output(
            "echo 'version: 2' > bad.yaml; cp app.yaml odd.yaml; printf '\\377' > odd.test.yaml")
        let outcome = try shell("ostiary \(line)")
        #expect(outcome.status == status, "\(outcome.error)")
        #expect(outcome.error.contains(message), "\(outcome.error)")
        #expect(outcome.output == "")
    }

    @Test("explain answers a person's question, fast")
    func explain() throws {
        let text = try shell.output(
            "ostiary policy explain --policy app.yaml --as alice --at 2026-03-01T08:30:00Z "
                + "GET /users/root")
        #expect(
            text == """
                request  GET /users/root by alice
                host     app.test (none was given)
                path     /users/root
                time     2026-03-01T08:30:00Z

                routes for this path, most specific first:
                  ->  users  ANY /users/{user}  auth: required  wins: the literal `users`, where `ui` has `**`
                      ui     GET /**            auth: required  less specific

                who asks: subject "alice", roles: viewer

                allow of users: path.user = claims.subject
                  no  path.user = claims.subject  "root" and "alice"

                REFUSED with 403, reason condition_false: the route's `allow` does not hold
                  the client is told no more than `forbidden`

                """)
        #expect(
            try shell.output("ostiary policy explain --role viewer POST /")
                .contains("\n  with the role `editor` it would be allowed\n"))
        let admin = try shell.output("ostiary policy explain --role admin GET /admin/x")
        #expect(admin.contains("ALLOWED: forwarded, and the app is told"))
    }

    @Test("warnings of check do not fail it, unless it is strict")
    func lint() throws {
        _ = try shell.output("echo '  - {id: drop, match: POST /drop, auth: public}' >> app.yaml")
        let check = try shell("ostiary policy check app.yaml")
        #expect(check.status == 0)
        #expect(check.output.hasPrefix("app.yaml: ok, 4 routes, 1 warning, default deny\n"))
        #expect(check.error.contains("app.yaml:13:10: warning: strangers may send route `drop`"))
        #expect(check.error.contains("\n   = write `limits: {body: 64KiB}`"))
        #expect(try shell("ostiary policy check --strict app.yaml").status == 1)
        #expect(
            try shell.output("ostiary policy matrix app.yaml --roles 'viewer, admin' | head -1")
                == "route   match              viewer  admin\n")
        #expect(try shell("ostiary policy matrix app.yaml --format svg").output.hasPrefix("<svg"))
        #expect(try shell("ostiary policy matrix --format markdown").output.hasPrefix("| route |"))
    }
}
