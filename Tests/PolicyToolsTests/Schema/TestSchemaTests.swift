import AccessPolicy
import StrictJSON
import StrictYAML
import Testing

@testable import PolicyTools

@Suite struct TestSchemaTests {
    private let policy: PolicySet
    private let schema = SchemaEvaluator(PolicySchema.tests)

    init() throws {
        policy = try PolicySet.load(
            """
            version: 1
            issuers: {local: {embedded: true}}
            roles: {viewer: {}}
            defaults: {identity: {headers: {X-Auth-User: subject}}}
            routes:
              - {id: all, match: "ANY /**", allow: {role: viewer}}
            """, file: "p.yaml")
    }

    private static let everything = """
        as:
          alice: {sub: alice, iss: local, roles: [viewer], level: 3, nested: {a: [b, true]}}
        cases:
          - as: alice
            GET: /a?b=c
            expect: allow
            route: all
            upstream_headers: {X-Auth-User: alice}
            host: app.test
            ip: 10.0.0.1
            at: "2026-03-01T08:30:00Z"
            name: a name
          - {as: anonymous, POST: /x, expect: 401, reason: unauthenticated}
          - {as: anonymous, WEBSOCKET: /x, expect: deny}
        matrix: {roles: [anonymous, viewer], golden: matrix.txt}
        """

    @Test("a file with every key is accepted by schema and reader, and so is one with little")
    func good() throws {
        for text in [
            Self.everything, "cases: [{as: anonymous, HEAD: /, expect: deny}]",
            "matrix: {golden: m.txt}", "matrix: {golden: m.txt, roles: viewer}",
        ] {
            let verdicts = try verdicts(text)
            #expect(verdicts.reader && verdicts.schema, "\(text)")
        }
    }

    @Test(
        "what is no test is refused by both",
        arguments: [
            "as: {}", "cases: {}", "cases: [{as: anonymous, expect: deny}]",
            "cases: [{as: anonymous, GET: /, POST: /, expect: deny}]",
            "cases: [{GET: /, expect: deny}]", "cases: [{as: anonymous, GET: /}]",
            "cases: [{as: anonymous, GET: /, expect: refuse}]",
            "cases: [{as: anonymous, GET: /, expect: 200}]",
            "cases: [{as: anonymous, get: /, expect: deny}]",
            "cases: [{as: anonymous, GET: [/], expect: deny}]",
            "cases: [{as: anonymous, GET: /, expect: deny, ip: localhost}]",
            "cases: [{as: anonymous, GET: /, expect: deny, at: noon}]",
            "cases: [{as: anonymous, GET: /, expect: deny, at: \"2026-03-01\"}]",
            "matrix: {}", "matrix: m.txt", "matrix: {golden: [m.txt]}",
            "as: {anonymous: {}}\ncases: []", "as: {a: b}\ncases: []",
        ])
    func bad(text: String) throws {
        let verdicts = try verdicts(text)
        #expect(!verdicts.reader && !verdicts.schema)
    }

    @Test("unknown, misspelt and missing keys and values of other types are judged alike by both")
    func mutations() throws {
        let tree = try YAMLReader.read(Self.everything, file: "p.test.yaml")
        for change in SchemaMutation.unknownKeys(in: tree) + SchemaMutation.misspeltKeys(in: tree)
        where !Self.isFree(change.place) {
            let verdicts = try verdicts(SchemaMutation.text(change.tree))
            #expect(!verdicts.reader && !verdicts.schema, "\(change.place): \(verdicts)")
        }
        for change in SchemaMutation.otherTypes(in: tree) + SchemaMutation.missingKeys(in: tree)
        where !Self.isFree(change.place) {
            let verdicts = try verdicts(SchemaMutation.text(change.tree))
            #expect(verdicts.schema || !verdicts.reader, "\(change.place): \(verdicts)")
        }
    }

    /// Claims and headers have names of their own.
    private static func isFree(_ place: String) -> Bool {
        place.hasPrefix("as") || place.hasPrefix(".as") || place.contains("upstream_headers.")
    }

    private func verdicts(_ text: String) throws -> (reader: Bool, schema: Bool) {
        let reader = try? PolicyTestFile.load(text, file: "p.test.yaml", policy: policy)
        return (reader != nil, try SchemaSamples.schemaAccepts(text, schema))
    }
}
