import Foundation
import Gateway
import TestSupport
import Testing

@Suite("docs/configuration.md")
struct ConfigurationDocumentTests {
    private static let begin = "<!-- reference: begin -->\n"
    private static let end = "<!-- reference: end -->"

    @Test("holds the reference as `ostiary config reference --markdown` prints it")
    func reference() throws {
        let text = try document()
        let start = try #require(text.range(of: Self.begin))
        let stop = try #require(text.range(of: Self.end))
        let table = String(text[start.upperBound..<stop.lowerBound])
        #expect(
            table == SettingsReference.markdown,
            "replace the table by the output of `ostiary config reference --markdown`")
    }

    @Test("its example is a configuration that loads")
    func example() throws {
        let text = try document()
        let start = try #require(text.range(of: "```yaml\n"))
        let stop = try #require(
            text.range(of: "```", range: start.upperBound..<text.endIndex))
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "ostiary.yaml", String(text[start.upperBound..<stop.lowerBound]))
        let configuration = try loadConfiguration(file: file, flags: [], environment: [:])
        #expect(configuration.publicURL.description == "https://app.example.com")
        #expect(configuration.limits.body == 64 << 20)
        #expect(configuration.log.format == .json)
    }

    private func document() throws -> String {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(
            contentsOf: root.appendingPathComponent("docs/configuration.md"), encoding: .utf8)
    }
}
