/// Says of a key that stands too far right what is wrong with it. The parser complains of the `:`,
/// since it takes such a line for more of the value before.
enum Indentation {
    static func explained(_ diagnostic: Diagnostic, in bytes: Span<UInt8>) -> Diagnostic {
        guard diagnostic.code == "yaml_syntax", let position = diagnostic.position,
            let line = line(position.line, of: bytes)
        else { return diagnostic }
        let text = line.prefix(position.column - 1)
        let key = text.drop { $0 == UInt8(ascii: " ") }
        guard position.column <= line.count, line[position.column - 1] == UInt8(ascii: ":"),
            text.count > key.count, !key.isEmpty, key.allSatisfy(isWordByte)
        else { return diagnostic }
        return Diagnostic(
            code: diagnostic.code,
            position: SourcePosition(
                file: position.file, line: position.line, column: text.count - key.count + 1),
            message:
                "the key `\(String(decoding: key, as: UTF8.self))` is indented further than the "
                + "line before it",
            suggestion: "indent all keys of a mapping equally")
    }

    private static func line(_ number: Int, of bytes: Span<UInt8>) -> [UInt8]? {
        var current = 1
        var line: [UInt8] = []
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "\n") {
                current += 1
                if current > number { break }
            } else if current == number {
                line.append(bytes[index])
            }
        }
        return current >= number ? line : nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
