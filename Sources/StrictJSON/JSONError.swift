/// Why a text is not acceptable JSON, and at which byte. Two errors are equal when their reasons are.
package struct JSONError: Error, Sendable, CustomStringConvertible {
    package enum Reason: String, Sendable, CaseIterable {
        case tooManyBytes = "the text is longer than the limit"
        case tooManyMembers = "the object has more members than the limit"
        case tooManyElements = "the array has more elements than the limit"
        case tooDeep = "arrays and objects are nested deeper than the limit"
        case nameTooLong = "the member name is longer than the limit"
        case byteOrderMark = "a byte order mark is not allowed"
        case invalidUTF8 = "the bytes are not UTF-8"
        case unexpectedByte = "this byte cannot stand here"
        case unexpectedEnd = "the text ends too early"
        case invalidNumber = "this is not a JSON number"
        case invalidEscape = "this is not a JSON escape sequence"
        case loneSurrogate = "half of a surrogate pair is escaped here"
        case controlCharacter = "a control character must be escaped"
        case duplicateMember = "the object already has a member of this name"
        case trailingBytes = "something follows the end of the value"
        case notAnObject = "the text is not an object"
    }

    package let reason: Reason
    /// The byte, counted from zero, at which reading stopped.
    package let offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// Whether the text was refused for its size rather than for its form.
    package var isSizeLimit: Bool {
        switch reason {
        case .tooManyBytes, .tooManyMembers, .tooManyElements: true
        default: false
        }
    }

    package var description: String { "\(reason.rawValue) (byte \(offset))" }
}

extension JSONError: Equatable {
    package static func == (left: JSONError, right: JSONError) -> Bool {
        left.reason == right.reason
    }
}
