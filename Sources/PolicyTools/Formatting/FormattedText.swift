import StrictYAML

/// Compares a file with its canonical form.
enum FormattedText {
    /// Whether both say the same with the same comments; the order of the sections is free.
    static func isFaithful(_ result: String, to text: String, file: String) -> Bool {
        guard let before = try? YAMLReader.read(text, file: file),
            let after = try? YAMLReader.read(result, file: file),
            case .mapping(let old) = before.content, case .mapping(let new) = after.content,
            old.count == new.count,
            let oldParts = try? YAMLReader.parts(text, file: file),
            let newParts = try? YAMLReader.parts(result, file: file)
        else { return false }
        let saysSame = old.allSatisfy { entry in
            after[entry.key].map { isSame($0, entry.value) } ?? false
        }
        let oldComments = SourceText(text, oldParts).comments.map(\.text)
        let newComments = SourceText(result, newParts).comments.map(\.text)
        return saysSame && oldComments.sorted() == newComments.sorted()
    }

    static func isSame(_ left: YAMLNode, _ right: YAMLNode) -> Bool {
        switch (left.content, right.content) {
        case (.scalar(let left), .scalar(let right)):
            left.isPlain == right.isPlain
                && left.text.unicodeScalars.elementsEqual(right.text.unicodeScalars)
        case (.sequence(let left), .sequence(let right)):
            left.count == right.count && zip(left, right).allSatisfy(isSame)
        case (.mapping(let left), .mapping(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.key == $1.key && isSame($0.value, $1.value) }
        default: false
        }
    }
}
