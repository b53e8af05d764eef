import AccessPolicy
package import StrictYAML

/// Writes policy files, and the tests beside them, in one form.
///
/// The sections stand in the documented order with an empty line between them, indented by two spaces;
/// what was in brackets stays so where it fits in 100 columns; one-line routes that follow each other
/// stand in columns, and so do the comments behind lines. Every comment is kept at its entry, and every
/// value says what it said: quotes are not removed, and keys inside a section keep their order.
package enum PolicyFormatter {
    /// Whether a file of this name holds tests of a policy.
    package static func holdsTests(_ file: String) -> Bool {
        file.hasSuffix(".test.yaml") || file.hasSuffix(".test.yml")
    }

    /// - Parameters:
    ///   - text: a policy, or tests when the file's name ends in `.test.yaml`.
    ///   - file: its name, for messages.
    /// - Returns: the same in canonical form; formatting it again changes nothing.
    /// - Throws: what is wrong with the file.
    package static func format(_ text: String, file: String) throws(Diagnostics) -> String {
        guard holdsTests(file) else {
            _ = try PolicySet.load(text, file: file)
            return try layOut(text, file: file, order: policySections)
        }
        return try layOut(text, file: file, order: testSections)
    }

    /// The same for bytes, which are refused when they are no UTF-8.
    package static func format(_ bytes: [UInt8], file: String) throws(Diagnostics) -> String {
        if let text = String(validating: bytes, as: UTF8.self) {
            return try format(text, file: file)
        }
        _ = try YAMLReader.read(bytes.span, file: file)
        throw Diagnostics([
            Diagnostic(code: "yaml_syntax", position: nil, message: "`\(file)` is no UTF-8")
        ])
    }

    /// Formats a file of any mapping; sections that `order` does not name come last, as they were.
    static func layOut(
        _ text: String, file: String, order: [String]
    ) throws(Diagnostics) -> String {
        let parts = try YAMLReader.parts(text, file: file)
        let source = SourceText(text, parts)
        guard case .mapping(let collection) = LayoutReader.read(parts, source) else {
            throw Diagnostics([
                Diagnostic(
                    code: "wrong_type", position: parts.first?.position,
                    message: "the file must be a mapping with keys")
            ])
        }
        let sections = SectionOrder.sorted(collection, order)
        let result = LayoutLine.text(LayoutWriter.write(sections))
        guard FormattedText.isFaithful(result, to: text, file: file) else {
            // Rather no form than another meaning.
            throw Diagnostics([
                Diagnostic(
                    code: "not_formatted", position: parts.first?.position,
                    message:
                        "the file cannot be written in canonical form without a change of meaning",
                    suggestion: "write values that span several lines as quoted texts of one line")
            ])
        }
        return result
    }

    static let policySections = [
        "version", "tests", "hosts", "issuers", "claims", "roles", "deny", "defaults", "routes",
        "upstreams",
    ]
    static let testSections = ["as", "cases", "matrix"]
}
