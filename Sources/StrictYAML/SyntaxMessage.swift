/// The parser's complaint in words that say what to do.
///
/// `problem` and `context` (what it was reading) are the parser's phrases, `opened` is where that
/// thing started, `character` what stands at `position` if it can be shown.
func syntaxDiagnostic(
    problem: String, context: String, at position: SourcePosition, opened: SourcePosition?,
    character: Character?
) -> Diagnostic {
    if problem == "found character that cannot start any token", let character {
        return Diagnostic(
            code: "yaml_syntax", position: position,
            message: "a value cannot start with `\(character)`", suggestion: "quote it")
    }
    // Text that is never closed is found at the end of the file; the opening quote is what helps.
    if context.contains("quoted scalar"), problem.contains("unexpected"), let opened {
        return Diagnostic(
            code: "yaml_syntax", position: opened, message: "the quoted text is not closed",
            suggestion: "add the closing quote")
    }
    if context.contains("scanning an anchor") || context.contains("scanning an alias") {
        return Diagnostic(
            code: "anchor", position: position, message: "anchors and aliases are not supported",
            suggestion: "quote the value if it starts with `&` or `*`")
    }
    if context.contains("a tag") || problem.contains("tag handle") {
        return Diagnostic(
            code: "tag", position: position, message: "tags are not supported",
            suggestion: "quote the value if it starts with `!`")
    }
    if context.contains("directive") || problem.contains("directive")
        || problem.contains("YAML document")
    {
        return Diagnostic(
            code: "directive", position: position,
            message: "directives (lines with `%`) are not supported", suggestion: "remove them")
    }
    let wording = wordings.first { problem.contains($0.problem) }
    var message = wording?.message ?? "this is not valid YAML"
    if let opened, problem.contains("',' or"), opened != position {
        message += " (opened in line \(opened.line))"
    }
    return Diagnostic(
        code: "yaml_syntax", position: position, message: message,
        suggestion: missingQuotes(problem: problem, character: character) ?? wording?.advice
            ?? "check quotes, brackets and indentation here")
}

/// The advice for text that would be right between quotes.
private func missingQuotes(problem: String, character: Character?) -> String? {
    switch character {
    case "{" where problem.contains("',' or '}'"), "[" where problem.contains("',' or '}'"):
        "a value with `{`, `}`, `[`, `]` or `,` inside `{…}` needs quotes"
    case "{" where problem.contains("',' or ']'"), "[" where problem.contains("',' or ']'"):
        "a value with `{`, `}`, `[`, `]` or `,` inside `[…]` needs quotes"
    case ":" where problem.contains("did not find expected node content"):
        "a value that starts with `:` or `[`, such as an IPv6 address, needs quotes"
    default: nil
    }
}

private let wordings: [(problem: String, message: String, advice: String)] = [
    (
        "could not find expected ':'", "a `:` is missing after this key",
        "write `key: value`"
    ),
    (
        "mapping values are not allowed", "a `:` is not allowed here",
        "quote the value if it holds `: `, or check the indentation"
    ),
    (
        "block sequence entries are not allowed", "a list item `-` is not allowed here",
        "start the list in the line after its key"
    ),
    ("mapping keys are not allowed", "a `?` key is not allowed here", "write `key: value`"),
    (
        "found unknown escape character", "unknown escape after `\\`",
        "write `\\\\` for a backslash, or use single quotes"
    ),
    (
        "hexdecimal number", "this escape needs hexadecimal digits",
        "write for example `\\x41` or `\\u00e9`"
    ),
    (
        "invalid Unicode character escape", "this escape names no character",
        "write for example `\\u00e9`"
    ),
    (
        "tab character", "a tab where spaces are expected", "use spaces"
    ),
    (
        "',' or ']'", "expected `,` or `]` in this list", "close the list or add the comma"
    ),
    (
        "',' or '}'", "expected `,` or `}` in this mapping", "close it or add the comma"
    ),
    (
        "expected '-' indicator", "expected a list item `- …` here",
        "indent all items of a list equally"
    ),
    (
        "did not find expected key", "expected a `key: value` line here",
        "indent all keys of a mapping equally"
    ),
    (
        "did not find expected node content", "expected a value here",
        "write the value or remove the punctuation before it"
    ),
    // The parser's own bound, which it can reach before the reader sees anything.
    (
        "nesting level", "the file is nested too deep", "flatten this part of the file"
    ),
    (
        "<document start>", "expected the file to end here",
        "check the indentation of this line"
    ),
    (
        "comment or line break", "unexpected text after the `|` or `>`",
        "start the text in the next line"
    ),
    (
        "indentation indicator", "the indentation after `|` or `>` must be 1 to 9",
        "remove it"
    ),
    (
        "control characters", "a control character is not allowed",
        "remove it, or write it as an escape in double quotes"
    ),
    ("UTF-8", "the file is not UTF-8 here", "save it as UTF-8"),
    ("Unicode character", "this character is not allowed", "remove it"),
]
