/// An object that was read strictly to its last byte, of which values are made only for the members
/// that are asked for.
///
/// A claims set has a dozen members and more. Policies use a few of them, and making all the others'
/// strings and arrays would cost more than reading them.
package struct JSONObject: Sendable {
    /// Longer than the document while they belong to a reader's buffer.
    let bytes: [UInt8]
    private let byteCount: Int
    /// Longer than `count` when nested objects had more members.
    let members: [JSONMemberRange]
    package let count: Int

    /// `bytes` begin with an object that the parser has read.
    init(checked bytes: [UInt8], _ byteCount: Int, _ members: [JSONMemberRange], count: Int) {
        self.bytes = bytes
        self.byteCount = byteCount
        self.members = members
        self.count = count
    }

    /// Nil when the value is no object, or one that no reader accepts, such as one with two members of
    /// one name.
    package init?(_ value: JSONValue) {
        let bytes = JSONWriter.write(value)
        let object = try? JSONReader.readObject(bytes, count: bytes.count, limits: .unlimited)
        guard let object else { return nil }
        self = object
    }

    /// The same object in memory of its own, to be kept after the buffer has been used again.
    package func detached() -> JSONObject {
        JSONObject(checked: Array(bytes[..<byteCount]), byteCount, members, count: count)
    }

    /// Which member has a name of exactly these bytes; nil when none has.
    package func index(of name: JSONName) -> Int? {
        let members = members.span
        for index in 0..<count where members[index].fingerprint == name.fingerprint {
            if members[index].name.isSameText(as: name, bytes.span) { return index }
        }
        return nil
    }

    /// Which members have the names of a table, found in one pass.
    package func places(of table: JSONNameTable) -> JSONPlaces {
        var places = JSONPlaces()
        let members = members.span
        for index in 0..<count {
            guard let number = table.number(of: members[index].fingerprint),
                members[index].name.isSameText(as: table.name(number), bytes.span)
            else { continue }
            places.found(number, at: index)
        }
        return places
    }

    /// The value of a member, found by the exact bytes of its name; nil when there is none.
    package subscript(_ name: JSONName) -> JSONValue? { index(of: name).map(value(at:)) }

    /// As above; prepare names that are asked for more than once.
    package subscript(_ name: String) -> JSONValue? { self[JSONName(name)] }

    /// The value of a member.
    package func value(at index: Int) -> JSONValue {
        if isString(at: index) {
            let start = Int(members[index].valueStart) + 1
            let raw = bytes.span.extracting(start..<Int(members[index].valueEnd) - 1)
            if !raw.contains(UInt8(ascii: "\\")), let text = try? UTF8Span(validating: raw) {
                return .string(String(copying: text))
            }
        }
        var parser = JSONParser(limits: .unlimited, position: Int(members[index].valueStart))
        guard let value = try? parser.readValue(bytes.span, depth: 1, isBuilding: true) else {
            preconditionFailure("the parser has read this value before")
        }
        return value
    }

    /// The number, when the value is one: `JSONNumber.floor` without making its text.
    ///
    /// - Returns: nil when it is no number, or one outside Int64.
    package func floor(at index: Int) -> Int64? {
        let range = Int(members[index].valueStart)..<Int(members[index].valueEnd)
        if let plain = plainInteger(range) { return plain }
        guard let number = value(at: index).number else { return nil }
        return number.floor
    }

    /// At most 18 digits and nothing else, as nearly all times are.
    private func plainInteger(_ range: Range<Int>) -> Int64? {
        guard range.count <= 18 else { return nil }
        let digits = bytes.span.extracting(range)
        var value: Int64 = 0
        for index in digits.indices {
            let digit = digits[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    /// How many bytes of the document the value takes.
    package func byteCount(at index: Int) -> Int {
        Int(members[index].valueEnd - members[index].valueStart)
    }

    package func isString(at index: Int) -> Bool { firstByte(at: index) == UInt8(ascii: "\"") }

    /// Whether the value is a number with a minus sign, `-0` included.
    package func isNegative(at index: Int) -> Bool { firstByte(at: index) == UInt8(ascii: "-") }

    package func isNull(at index: Int) -> Bool { firstByte(at: index) == UInt8(ascii: "n") }

    private func firstByte(at index: Int) -> UInt8 { bytes[Int(members[index].valueStart)] }

    /// Whether the value is a string of exactly these bytes. Nothing is allocated for one without
    /// escapes.
    package func isString(_ text: String, at index: Int) -> Bool {
        guard isString(at: index) else { return false }
        let start = Int(members[index].valueStart) + 1
        let raw = bytes.span.extracting(start..<Int(members[index].valueEnd) - 1)
        guard raw.contains(UInt8(ascii: "\\")) else { return raw.hasSameBytes(as: text.utf8.span) }
        return value(at: index).string?.hasSameBytes(as: text) == true
    }

    /// The members, all of them made.
    package var value: JSONValue {
        .object((0..<count).map { JSONMember(name: name(at: $0), value: value(at: $0)) })
    }

    private func name(at index: Int) -> String {
        var parser = JSONParser(limits: .unlimited, position: members[index].name.start - 1)
        guard let name = try? parser.readString(bytes.span) else {
            preconditionFailure("the parser has read this name before")
        }
        return name
    }
}
