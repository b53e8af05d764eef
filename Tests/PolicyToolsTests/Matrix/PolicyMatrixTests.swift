import AccessPolicy
import PolicyTools
import Testing

@Suite("The table of roles and routes")
struct PolicyMatrixTests {
    @Test("roles are known in a column, and all else remains as a condition")
    func text() throws {
        let matrix = PolicyMatrix(try SamplePolicy.load())
        #expect(
            matrix.text == """
                route       match                           anonymous  viewer  editor  admin
                ui          GET /**                         401        allow   allow   allow
                items       POST|PUT /api/items             401        403     allow   allow
                assets      GET /assets/**                  allow      allow   allow   allow
                embed       GET /embed/{token}              allow      allow   allow   allow
                only-other  GET /other on other.test        401        allow   allow   allow
                page        GET /page                       401        if [1]  allow   allow
                report      GET /reports/{year:int}/{team}  401        if [2]  if [2]  if [2]
                secret      GET /secret                     401        404     404     allow
                user-space  ANY /users/{user}/**            401        if [3]  if [3]  allow

                [1] query.full = "false"
                [2] claims.groups has path.team or client.ip in ["10.0.0.0/8"]
                [3] path.user = claims.subject

                On every route that is not public these refuse whom the table lets in:
                  deny.suspended: claims.status = "suspended"

                """)
    }

    @Test("the order of the routes in the file changes nothing")
    func order() throws {
        let lines = SamplePolicy.text.split(separator: "\n").map(String.init)
        let moved =
            lines.filter { !$0.contains("id: ui,") }
            + lines.filter { $0.contains("id: ui,") }
        let other = try PolicySet.load(moved.joined(separator: "\n"), file: "p.yaml")
        #expect(PolicyMatrix(other).text == PolicyMatrix(try SamplePolicy.load()).text)
    }

    @Test("columns can be chosen")
    func columns() throws {
        let matrix = PolicyMatrix(try SamplePolicy.load(), roles: ["admin", "anonymous"])
        #expect(matrix.columns == ["admin", "anonymous"])
        #expect(matrix.rows.first?.cells == [.allowed, .refused(401)])
    }

    @Test("a rule of deny that a role settles is in the table")
    func settled() throws {
        let text = SamplePolicy.text.replacing(
            "when: {claim: {status: suspended}}",
            with: "when: {all: [{role: editor}, {not: {role: admin}}]}")
        let matrix = PolicyMatrix(try PolicySet.load(text, file: "p.yaml"))
        let ui = try #require(matrix.rows.first { $0.route == "ui" })
        #expect(ui.cells == [.refused(401), .allowed, .refused(403), .allowed])
        #expect(matrix.denials.isEmpty)
    }

    @Test("every cell agrees with the decision for somebody who holds just that role")
    func agrees() throws {
        let policy = try SamplePolicy.load()
        let matrix = PolicyMatrix(policy)
        let judge = PolicyJudge(policy)
        let requests: [(route: String, method: Method, path: String)] = [
            ("ui", .get, "/x"), ("items", .post, "/api/items"), ("assets", .get, "/assets/a"),
            ("embed", .get, "/embed/t"), ("secret", .get, "/secret"),
        ]
        for request in requests {
            let row = try #require(matrix.rows.first { $0.route == request.route })
            for (column, cell) in zip(matrix.columns, row.cells) {
                var question = PolicyQuestion(request.method, request.path, now: 0)
                if column != "anonymous" {
                    question.person = PolicyPerson(name: "somebody", roles: [column])
                }
                let verdict = judge.judge(question)
                #expect(verdict.route?.id == request.route)
                let expected: PolicyMatrix.Cell =
                    verdict.refusal.map { .refused($0.status) } ?? .allowed
                #expect(cell == expected, "\(request.route) \(column)")
            }
        }
    }

    @Test("Markdown escapes what would end a cell")
    func markdown() throws {
        let text = PolicyMatrix(try SamplePolicy.load()).markdown
        #expect(text.contains("| `items` | `POST\\|PUT /api/items` | no (401) | no (403) |"))
        #expect(text.contains("3. if `path.user = claims.subject`"))
        #expect(text.contains("- `deny.suspended: claims.status = \"suspended\"`"))
    }

    @Test("the picture says in words what its colours say, and needs nothing from elsewhere")
    func picture() throws {
        let svg = PolicyMatrix(try SamplePolicy.load()).picture(title: "<p> & q")
        #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        #expect(svg.contains("role=\"img\" aria-labelledby=\"title desc\""))
        #expect(svg.contains("Who may use which route: &lt;p&gt; &amp; q</title>"))
        #expect(svg.contains("prefers-color-scheme: dark"))
        #expect(svg.contains(">no 403</text>"))
        #expect(svg.contains(">if [3]</text>"))
        #expect(svg.contains("user-space, ANY /users/{user}/**: anonymous: refused with 401"))
        for forbidden in ["href", "url(", "@import", "<script", "<image"] {
            #expect(!svg.contains(forbidden))
        }
    }
}
