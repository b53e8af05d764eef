import StrictYAML

/// Single values as they are written.
enum ScalarText {
    /// The value on one line where that is possible; several lines only for `|`, `>` and plain text
    /// with empty lines in it.
    ///
    /// Quotes are never added or removed, since a quoted `"no"` is something else than a plain one.
    static func node(_ part: YAMLPart, _ value: String, in source: SourceText) -> LayoutNode {
        switch part.style {
        case .literal, .folded:
            return block(part, value, in: source) ?? .inline(doubleQuoted(value))
        case .plain where value.contains("\n"):
            let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
            // A break of the value is an empty line of the text.
            let spread = lines.map(String.init).flatMap { ["", $0] }.dropFirst()
            return .lines(first: spread.first ?? "", rest: Array(spread.dropFirst()))
        case .plain: return .inline(value)
        default: return .inline(quoted(part, value, in: source))
        }
    }

    /// A key, which stands on one line always.
    static func key(_ part: YAMLPart, _ value: String, in source: SourceText) -> String {
        if part.style == .plain, !value.contains("\n") { return value }
        return quoted(part, value, in: source)
    }

    private static func quoted(_ part: YAMLPart, _ value: String, in source: SourceText) -> String {
        let written = source.text(part.extent)
        let isOneLine = !written.unicodeScalars.contains(where: SourceText.isBreak)
        switch part.style {
        case .doubleQuoted where isOneLine: return written
        case .singleQuoted where isOneLine && needsEscape(value): return written
        default: return doubleQuoted(value)
        }
    }

    private static func needsEscape(_ value: String) -> Bool {
        value.unicodeScalars.contains { $0 == "\"" || $0 == "\\" || !isPrintable($0) }
    }

    private static func doubleQuoted(_ value: String) -> String {
        var text = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case _ where isPrintable(scalar): text.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let width = scalar.value > 0xFFFF ? 8 : 4
                text += width == 8 ? "\\U" : "\\u"
                text += String(repeating: "0", count: width - digits.count) + digits
            }
        }
        return text + "\""
    }

    /// What a double-quoted text may hold as it is.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: true
        case 0..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE...0xFFFF: false
        default: true
        }
    }

    /// A value behind `|` or `>`; nil when its indentation is part of what it says.
    private static func block(
        _ part: YAMLPart, _ value: String, in source: SourceText
    ) -> LayoutNode? {
        let header = source.lines[part.position.line - 1].dropFirst(part.position.column - 1)
        let indicator = header.prefix { !" #\t".unicodeScalars.contains($0) }
        guard ["|", "|-", ">", ">-"].contains(String(String.UnicodeScalarView(indicator))) else {
            return nil
        }
        var lines = Array(source.lines[part.position.line..<source.lastLine(of: part)])
        guard let top = lines.first(where: { line in !line.allSatisfy { $0 == " " } }) else {
            return nil
        }
        let width = top.prefix { $0 == " " }.count
        // Spaces beyond the indentation are part of what it says.
        while let line = lines.last, line.count <= width, line.allSatisfy({ $0 == " " }) {
            lines.removeLast()
        }
        var rest: [String] = []
        for line in lines {
            let spaces = line.prefix { $0 == " " }.count
            guard spaces >= width || spaces == line.count else { return nil }
            rest.append(String(String.UnicodeScalarView(line.dropFirst(width))))
        }
        var first = String(String.UnicodeScalarView(indicator))
        // A file that ends within the value ends it without a break.
        if !first.hasSuffix("-"), value.unicodeScalars.last != "\n" { first += "-" }
        return .lines(first: first, rest: rest)
    }
}
