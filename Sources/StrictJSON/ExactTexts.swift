/// Texts that others are compared with byte for byte, all in one piece.
package struct ExactTexts: Sendable {
    private let bytes: [UInt8]
    /// Where each of them ends.
    private let ends: [Int]

    package init(_ texts: [String]) {
        var bytes: [UInt8] = []
        ends = texts.map { text in
            bytes += text.utf8
            return bytes.count
        }
        self.bytes = bytes
    }

    /// Which of them has exactly these bytes; nil when none has.
    package func firstIndex(of text: Span<UInt8>) -> Int? {
        firstIndex { $0.hasSameBytes(as: text) }
    }

    /// The same for a text in a document.
    func firstIndex(of text: JSONTextRange, _ document: Span<UInt8>) -> Int? {
        text.hasEscapes
            ? firstIndex { JSONEscape.resolves(text, document, to: $0) }
            : firstIndex(of: document.extracting(text.start..<text.end))
    }

    @inline(__always)
    private func firstIndex(where isWanted: (Span<UInt8>) -> Bool) -> Int? {
        let (bytes, ends) = (bytes.span, ends.span)
        var start = 0
        for index in ends.indices {
            if isWanted(bytes.extracting(start..<ends[index])) { return index }
            start = ends[index]
        }
        return nil
    }
}

extension JSONObject {
    /// Whether the value is a string, and one of the texts.
    package func isText(_ texts: ExactTexts, at index: Int) -> Bool {
        guard isString(at: index) else { return false }
        let member = member(at: index)
        let text = JSONTextRange(
            start: member.valueStart &+ 1, end: member.valueEnd &- 1,
            hasEscapes: !member.isPlainText)
        return texts.firstIndex(of: text, bytes.span) != nil
    }
}
