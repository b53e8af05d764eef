/// An object that was read strictly to its last byte, of which values are made only for the members
/// that are asked for.
///
/// A claims set has a dozen members and more. Policies use a few of them, and making all the others'
/// strings and arrays would cost more than reading them.
package struct JSONObject: Sendable {
    /// The document, and behind it where its members are, in one piece: all that is kept of a token
    /// costs one allocation.
    package let bytes: [UInt8]
    private let byteCount: Int
    package let count: Int

    /// `document` is an object that the scanner has been over, `members` are what it noted.
    init(checked document: Span<UInt8>, _ members: Span<JSONMemberRange>) {
        byteCount = document.count
        count = members.count
        let tableCount = members.count * MemoryLayout<JSONMemberRange>.stride
        var bytes: [UInt8] = []
        bytes.reserveCapacity(document.count + tableCount)
        // INVARIANT (lent for the call): both are copied before the pointers' scopes end.
        unsafe document.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        unsafe members.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        self.bytes = bytes
    }

    /// Nil when the value is no object, or one that no reader accepts, such as one with two members of
    /// one name.
    package init?(_ value: JSONValue) {
        let bytes = JSONWriter.write(value)
        var workspace = JSONWorkspace()
        let object = try? workspace.readObject(bytes.span, limits: .unlimited)
        guard let object else { return nil }
        self = object
    }

    @inline(__always)
    func member(at index: Int) -> JSONMemberRange {
        let start = byteCount &+ index &* MemoryLayout<JSONMemberRange>.stride
        // INVARIANT (any bits will do): this load checks its bounds, and a member's range is nothing but
        // integers.
        return unsafe bytes.span.bytes.unsafeLoadUnaligned(
            fromByteOffset: start, as: JSONMemberRange.self)
    }

    /// Which member has a name of exactly these bytes; nil when none has.
    package func index(of name: JSONName) -> Int? {
        let stride = MemoryLayout<JSONMemberRange>.stride
        let table = unsafe bytes.span.bytes
        var start = byteCount
        for index in 0..<count {
            // INVARIANT (any bits will do): this load checks its bounds.
            let fingerprint = unsafe table.unsafeLoadUnaligned(
                fromByteOffset: start &+ JSONMemberRange.fingerprintOffset, as: UInt64.self)
            start &+= stride
            guard fingerprint == name.fingerprint,
                member(at: index).name.isSameText(asLikely: name, bytes.span)
            else { continue }
            return index
        }
        return nil
    }

    /// Which members have the names of a table, found in one pass.
    package func places(of table: JSONNameTable) -> JSONPlaces {
        var places = JSONPlaces()
        let document = bytes.span
        let ranges = unsafe document.bytes
        var start = byteCount &+ JSONMemberRange.fingerprintOffset
        for index in 0..<count {
            // INVARIANT (any bits will do): this load checks its bounds.
            let fingerprint = unsafe ranges.unsafeLoadUnaligned(
                fromByteOffset: start, as: UInt64.self)
            start &+= MemoryLayout<JSONMemberRange>.stride
            if let number = table.number(of: fingerprint),
                member(at: index).name.isSameText(asLikely: table.name(number), document)
            {
                places.found(number, at: index)
            }
        }
        return places
    }

    /// The value of a member, found by the exact bytes of its name; nil when there is none.
    package subscript(_ name: JSONName) -> JSONValue? { index(of: name).map(value(at:)) }

    /// As above; prepare names that are asked for more than once.
    package subscript(_ name: String) -> JSONValue? { self[JSONName(name)] }

    /// The value of a member.
    package func value(at index: Int) -> JSONValue {
        value(startingAt: member(at: index).valueStart)
    }

    func value(startingAt start: Int) -> JSONValue {
        var builder = JSONBuilder(position: start)
        guard let value = try? builder.value(bytes.span) else {
            preconditionFailure("the scanner has been over this value before")
        }
        return value
    }

    /// The number, when the value is nothing but at most 18 digits, as nearly all times are.
    package func digits(at index: Int) -> Int64? {
        let member = member(at: index)
        return plainInteger(member.valueStart..<member.valueEnd)
    }

    /// The number, when the value is one: `JSONNumber.floor` without making its text.
    ///
    /// - Returns: nil when it is no number, or one outside Int64.
    package func floor(at index: Int) -> Int64? {
        let member = member(at: index)
        if let plain = plainInteger(member.valueStart..<member.valueEnd) { return plain }
        guard let number = value(at: index).number else { return nil }
        return number.floor
    }

    private func plainInteger(_ range: Range<Int>) -> Int64? {
        guard range.count <= 18 else { return nil }
        let digits = bytes.span.extracting(range)
        var value: Int64 = 0
        var rest = 0
        if range.count >= 8 {
            guard let eight = digits.eightDigits(at: 0) else { return nil }
            value = eight
            rest = 8
        }
        for index in rest..<digits.count {
            let digit = digits[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// How many bytes of the document the value takes.
    package func byteCount(at index: Int) -> Int {
        let member = member(at: index)
        return member.valueEnd - member.valueStart
    }

    package func isString(at index: Int) -> Bool { firstByte(at: index) == UInt8(ascii: "\"") }

    /// Whether the value is a number with a minus sign, `-0` included.
    package func isNegative(at index: Int) -> Bool { firstByte(at: index) == UInt8(ascii: "-") }

    package func isNull(at index: Int) -> Bool { firstByte(at: index) == UInt8(ascii: "n") }

    private func firstByte(at index: Int) -> UInt8 { bytes[member(at: index).valueStart] }

    /// Whether the value is a string of exactly these bytes. Nothing is allocated.
    package func isString(_ text: String, at index: Int) -> Bool {
        isString(text.utf8.span, at: index)
    }

    /// The same for bytes.
    package func isString(_ text: Span<UInt8>, at index: Int) -> Bool {
        let member = member(at: index)
        let (start, end) = (member.valueStart &+ 1, member.valueEnd &- 1)
        if member.isPlainText { return bytes.span.extracting(start..<end).hasSameBytes(as: text) }
        guard isString(at: index) else { return false }
        let range = JSONTextRange(start: start, end: end, hasEscapes: true)
        return JSONEscape.resolves(range, bytes.span, to: text)
    }

    /// Where in `bytes` the text of a string is; nil when the value is no string, or one with escapes.
    package func plainText(at index: Int) -> Range<Int>? {
        let member = member(at: index)
        return member.isPlainText ? member.valueStart &+ 1..<member.valueEnd &- 1 : nil
    }

    /// The members, all of them made.
    package var value: JSONValue { value(startingAt: 0) }
}
