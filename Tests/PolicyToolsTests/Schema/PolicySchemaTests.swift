import AccessPolicy
import Foundation
import StrictJSON
import StrictYAML
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

    @Test("a value of another type is judged alike by both wherever it stands")
    func otherTypes() throws {
        let tree = try YAMLReader.read(SchemaSamples.everything, file: "p.yaml")
        var places = 0
        for change in SchemaMutation.otherTypes(in: tree) {
            places += 1
            let (policy, isValid) = try verdicts(change.tree)
            // The parser may see more than a schema can, never less.
            #expect(isValid || !policy, "\(change.place): parser \(policy), schema \(isValid)")
            if change.isShape {
                #expect(policy == isValid, "\(change.place): parser \(policy), schema \(isValid)")
            }
        }
        #expect(places > 300)
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

    private let schema = SchemaEvaluator(PolicySchema.policy)

    private func verdicts(_ tree: YAMLNode) throws -> (policy: Bool, schema: Bool) {
        let text = SchemaMutation.text(tree)
        let policy = (try? PolicySet.load(text, file: "p.yaml")) != nil
        return (policy, try SchemaSamples.schemaAccepts(text, schema))
    }
}
