/// Prints JSON for people: one member or element a line, indented by two spaces.
///
/// The lines are safe to show on a terminal: control characters and the marks that reorder text are
/// escaped, so that a hostile value cannot repaint the screen or pose as something else.
package enum JSONPrinter {
    package static func lines(_ value: JSONValue) -> [String] {
        var lines: [String] = []
        append(value, prefix: "", suffix: "", indent: "", to: &lines)
        return lines
    }

    private static func append(
        _ value: JSONValue, prefix: String, suffix: String, indent: String, to lines: inout [String]
    ) {
        switch value {
        case .null: lines.append(indent + prefix + "null" + suffix)
        case .bool(let flag): lines.append(indent + prefix + (flag ? "true" : "false") + suffix)
        case .number(let number): lines.append(indent + prefix + number.text + suffix)
        case .string(let text): lines.append(indent + prefix + quoted(text) + suffix)
        case .array(let elements):
            let entries = elements.map { (name: "", value: $0) }
            append(entries, "[", "]", prefix, suffix, indent, to: &lines)
        case .object(let members):
            let entries = members.map { (name: quoted($0.name) + ": ", value: $0.value) }
            append(entries, "{", "}", prefix, suffix, indent, to: &lines)
        }
    }

    private static func append(
        _ entries: [(name: String, value: JSONValue)], _ open: String, _ close: String,
        _ prefix: String, _ suffix: String, _ indent: String, to lines: inout [String]
    ) {
        guard !entries.isEmpty else {
            lines.append(indent + prefix + open + close + suffix)
            return
        }
        lines.append(indent + prefix + open)
        for (index, entry) in entries.enumerated() {
            let comma = index + 1 < entries.count ? "," : ""
            append(
                entry.value, prefix: entry.name, suffix: comma, indent: indent + "  ", to: &lines)
        }
        lines.append(indent + close + suffix)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where mustBeEscaped(scalar):
                for unit in UTF16.encode(scalar) ?? UTF16.EncodedScalar() {
                    let digits = String(unit, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Controls (Cc), formatting marks such as the bidirectional overrides (Cf), line and paragraph
    /// separators, private use and unassigned code points.
    private static func mustBeEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
        default: false
        }
    }
}
