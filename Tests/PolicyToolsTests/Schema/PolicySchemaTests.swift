import AccessPolicy
import Foundation
import StrictJSON
import StrictYAML
import TestSupport
import Testing

@testable import PolicyTools

@Suite struct PolicySchemaTests {
    @Test("the files in `policies/` are what the program prints")
    func files() throws {
        for (name, text) in [
            ("policy.schema.json", PolicySchema.json),
            ("policy-test.schema.json", PolicySchema.testsJSON),
        ] {
            let file = SchemaSamples.root.appending(path: "policies/\(name)")
            #expect(try String(contentsOf: file, encoding: .utf8) == text, "\(name)")
        }
    }

    @Test("every mapping with a fixed set of keys refuses all others")
    func closed() {
        func check(_ schema: JSONValue, _ path: String) {
            if schema["properties"] != nil, schema["type"] != nil {
                #expect(schema["additionalProperties"] == .bool(false), "\(path)")
            }
            for member in schema.members ?? [] { check(member.value, "\(path)/\(member.name)") }
            for element in schema.array ?? [] { check(element, path) }
        }
        check(PolicySchema.policy, "policy")
        check(PolicySchema.tests, "tests")
    }

    @Test("schema and parser accept the same policies", arguments: SchemaSamples.good)
    func good(sample: SchemaSamples.Sample) throws {
        #expect(throws: Never.self) { try PolicySet.load(sample.text, file: "p.yaml") }
        #expect(try SchemaSamples.schemaAccepts(sample.text))
    }

    @Test("schema and parser refuse the same policies", arguments: SchemaSamples.bad)
    func bad(sample: SchemaSamples.Sample) throws {
        #expect(throws: Diagnostics.self) { try PolicySet.load(sample.text, file: "p.yaml") }
        #expect(try !SchemaSamples.schemaAccepts(sample.text))
    }

    @Test("a key that neither knows is refused by both wherever it stands")
    func unknownKeys() throws {
        let tree = try YAMLReader.read(SchemaSamples.everything, file: "p.yaml")
        _ = try PolicySet.load(SchemaSamples.everything, file: "p.yaml")
        #expect(try SchemaEvaluator(PolicySchema.policy).accepts(JSONValue(tree)))
        var places = 0
        for change in SchemaMutation.unknownKeys(in: tree) {
            places += 1
            let (policy, isValid) = try verdicts(change.tree)
            #expect(!policy && !isValid, "\(change.place): parser \(policy), schema \(isValid)")
        }
        #expect(places > 40)
    }

    @Test("a misspelt key is refused by both wherever it stands")
    func misspeltKeys() throws {
        let tree = try YAMLReader.read(SchemaSamples.everything, file: "p.yaml")
        for change in SchemaMutation.misspeltKeys(in: tree) {
            let (policy, isValid) = try verdicts(change.tree)
            #expect(!policy && !isValid, "\(change.place): parser \(policy), schema \(isValid)")
        }
    }

    @Test("a value of another type is judged alike by both wherever it stands")
    func otherTypes() throws {
        let tree = try YAMLReader.read(SchemaSamples.everything, file: "p.yaml")
        var places = 0
        // Two of five, so that each place is met in some way; all of them in the long run.
        let isLong = propertyTimes > 1
        for (number, change) in SchemaMutation.otherTypes(in: tree).enumerated()
        where isLong || number % 5 < 2 {
            places += 1
            let (policy, isValid) = try verdicts(change.tree)
            // The parser may see more than a schema can, never less.
            #expect(isValid || !policy, "\(change.place): parser \(policy), schema \(isValid)")
            if change.isShape {
                #expect(policy == isValid, "\(change.place): parser \(policy), schema \(isValid)")
            }
        }
        #expect(places > 150)
    }

    @Test("a file without one of its keys is judged alike by both")
    func missingKeys() throws {
        let tree = try YAMLReader.read(SchemaSamples.everything, file: "p.yaml")
        for change in SchemaMutation.missingKeys(in: tree) {
            let (policy, isValid) = try verdicts(change.tree)
            #expect(isValid || !policy, "\(change.place): parser \(policy), schema \(isValid)")
        }
    }

    @Test("every key that the schema has stands in the sample of everything")
    func complete() throws {
        var keys: Set<String> = []
        func collect(_ schema: JSONValue) {
            if schema["type"] != nil {
                for member in schema["properties"]?.members ?? [] { keys.insert(member.name) }
            }
            for member in schema.members ?? [] { collect(member.value) }
            for element in schema.array ?? [] { collect(element) }
        }
        collect(PolicySchema.policy)
        let text = SchemaSamples.everything
        for key in keys { #expect(text.contains("\(key):"), "\(key)") }
        #expect(keys.count > 70)
    }

    /// `Tests/Schema/run.sh` sets OSTIARY_SCHEMA_CORPUS and asks another validator about the same files.
    @Test("the corpus for other validators has files of both kinds")
    func corpus() throws {
        var lines: [String] = []
        func add(_ text: String) throws -> Bool {
            let value = try JSONValue(YAMLReader.read(text, file: "p.yaml"))
            let isValid = try schema.accepts(value)
            let entry = JSONValue.object([
                JSONMember(name: "valid", value: .bool(isValid)),
                JSONMember(name: "file", value: value),
            ])
            lines.append(String(decoding: JSONWriter.write(entry), as: UTF8.self))
            return isValid
        }
        for sample in SchemaSamples.good { #expect(try add(sample.text)) }
        for sample in SchemaSamples.bad { #expect(try !add(sample.text)) }
        guard let path = ProcessInfo.processInfo.environment["OSTIARY_SCHEMA_CORPUS"] else {
            return
        }
        let tree = try YAMLReader.read(SchemaSamples.everything, file: "p.yaml")
        let changes =
            SchemaMutation.unknownKeys(in: tree) + SchemaMutation.misspeltKeys(in: tree)
            + SchemaMutation.otherTypes(in: tree) + SchemaMutation.missingKeys(in: tree)
        for change in changes { _ = try add(SchemaMutation.text(change.tree)) }
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    private let schema = SchemaEvaluator(PolicySchema.policy)

    private func verdicts(_ tree: YAMLNode) throws -> (policy: Bool, schema: Bool) {
        let text = SchemaMutation.text(tree)
        let policy = (try? PolicySet.load(text, file: "p.yaml")) != nil
        return (policy, try SchemaSamples.schemaAccepts(text, schema))
    }
}
