/// Reads the body of a note: a JSON object with the one member `text`.
///
/// Deliberately no general JSON reader: an object of strings is all that a note may be.
package struct NoteText: Sendable, Equatable {
    package let text: String

    package static let longest = 500

    package init(json bytes: [UInt8]) throws(BadNote) {
        guard let source = String(validating: bytes, as: UTF8.self) else {
            throw BadNote(problem: "the body is not UTF-8")
        }
        var reader = Reader(rest: source.unicodeScalars[...])
        let text = try reader.onlyMember("text")
        guard !text.isEmpty, text.unicodeScalars.count <= Self.longest else {
            throw BadNote(problem: "`text` must have 1 to \(Self.longest) characters")
        }
        self.text = text
    }

    private struct Reader {
        var rest: Substring.UnicodeScalarView

        mutating func onlyMember(_ name: String) throws(BadNote) -> String {
            try expect("{")
            guard try string() == name else { throw .shape }
            try expect(":")
            let value = try string()
            try expect("}")
            skipSpace()
            guard rest.isEmpty else { throw .shape }
            return value
        }

        mutating func string() throws(BadNote) -> String {
            try expect("\"")
            var text = String.UnicodeScalarView()
            while let scalar = rest.popFirst() {
                switch scalar {
                case "\"": return String(text)
                case "\\": text.append(try escaped())
                case _ where scalar.value < 0x20: throw .shape
                default: text.append(scalar)
                }
            }
            throw .shape
        }

        mutating func escaped() throws(BadNote) -> Unicode.Scalar {
            switch rest.popFirst() {
            case "\"": return "\""
            case "\\": return "\\"
            case "/": return "/"
            case "b": return "\u{8}"
            case "f": return "\u{C}"
            case "n": return "\n"
            case "r": return "\r"
            case "t": return "\t"
            case "u":
                let unit = try codeUnit()
                if let scalar = Unicode.Scalar(unit) { return scalar }
                guard (0xD800..<0xDC00).contains(unit), rest.popFirst() == "\\",
                    rest.popFirst() == "u"
                else { throw .shape }
                let low = try codeUnit()
                guard (0xDC00..<0xE000).contains(low),
                    let scalar = Unicode.Scalar(
                        0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
                else { throw .shape }
                return scalar
            default: throw .shape
            }
        }

        mutating func codeUnit() throws(BadNote) -> UInt32 {
            var unit: UInt32 = 0
            for _ in 0..<4 {
                guard let scalar = rest.popFirst(), scalar.isASCII,
                    let digit = UInt8(scalar.value).hexDigit
                else { throw .shape }
                unit = unit << 4 | UInt32(digit)
            }
            return unit
        }

        mutating func expect(_ scalar: Unicode.Scalar) throws(BadNote) {
            skipSpace()
            guard rest.popFirst() == scalar else { throw .shape }
        }

        mutating func skipSpace() {
            while let first = rest.first, [" ", "\t", "\n", "\r"].contains(first) {
                rest.removeFirst()
            }
        }
    }
}

/// Why a note was not taken.
package struct BadNote: Error, Equatable {
    package let problem: String

    static let shape = BadNote(problem: "the body must be exactly {\"text\":\"…\"}")
}
