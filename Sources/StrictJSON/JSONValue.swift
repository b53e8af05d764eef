/// A JSON value as the bytes spelled it: members keep their order, numbers keep their text.
///
/// Equality is exact. Strings are compared byte for byte, never by Unicode canonical equivalence as
/// Swift's `==` on `String` does: two spellings of one letter are two different issuers.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
}

/// One member of an object. A reader never yields two members of one name in the same object.
package struct JSONMember: Sendable {
    package let name: String
    package let value: JSONValue

    package init(name: String, value: JSONValue) {
        self.name = name
        self.value = value
    }
}

extension JSONValue {
    /// The value of a member, found by the exact bytes of its name; nil when this is no object or
    /// has no such member.
    package subscript(_ member: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        // A span lends its elements; iterating over an array copies them.
        let candidates = members.span
        for index in candidates.indices where candidates[index].name.hasSameBytes(as: member) {
            return candidates[index].value
        }
        return nil
    }

    /// The text, when this is a string.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The number, when this is one.
    package var number: JSONNumber? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    /// The elements, when this is an array.
    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members, when this is an object.
    package var members: [JSONMember]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}

extension JSONValue: Equatable {
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSONMember: Equatable {
    package static func == (left: JSONMember, right: JSONMember) -> Bool {
        left.name.hasSameBytes(as: right.name) && left.value == right.value
    }
}

extension String {
    /// Whether both strings are the same UTF-8 bytes. Swift's `==` also equates canonically
    /// equivalent spellings, which must never decide about an issuer, an audience or a key.
    package func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.span.hasSameBytes(as: other.utf8.span)
    }
}
