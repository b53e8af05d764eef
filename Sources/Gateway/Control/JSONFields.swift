import StrictJSON

/// The members of one object, each taken once: what is left over at the end was not expected.
struct JSONFields {
    private var rest: [JSONMember]

    init(_ value: JSONValue) throws(ControlFormatError) {
        guard case .object(let members) = value else {
            throw ControlFormatError("an object was expected")
        }
        rest = members
    }

    mutating func take(_ name: String) -> JSONValue? {
        guard let index = rest.firstIndex(where: { $0.name.hasSameBytes(as: name) }) else {
            return nil
        }
        return rest.remove(at: index).value
    }

    mutating func text(_ name: String) throws(ControlFormatError) -> String {
        guard let text = take(name)?.string else { throw .wrongType(name) }
        return text
    }

    /// Nil also for `null`.
    mutating func optionalText(_ name: String) throws(ControlFormatError) -> String? {
        switch take(name) {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw .wrongType(name)
        }
    }

    mutating func flag(_ name: String) throws(ControlFormatError) -> Bool {
        guard case .bool(let flag) = take(name) else { throw .wrongType(name) }
        return flag
    }

    mutating func optionalFlag(_ name: String) throws(ControlFormatError) -> Bool? {
        guard let value = take(name) else { return nil }
        guard case .bool(let flag) = value else { throw .wrongType(name) }
        return flag
    }

    mutating func number(_ name: String) throws(ControlFormatError) -> Int {
        guard let integer = take(name)?.number?.integer, let number = Int(exactly: integer) else {
            throw .wrongType(name)
        }
        return number
    }

    mutating func texts(_ name: String) throws(ControlFormatError) -> [String] {
        guard let texts = try optionalTexts(name) else { throw .wrongType(name) }
        return texts
    }

    mutating func optionalTexts(_ name: String) throws(ControlFormatError) -> [String]? {
        guard let value = take(name) else { return nil }
        guard let elements = value.array else { throw .wrongType(name) }
        var texts: [String] = []
        for element in elements {
            guard let text = element.string else { throw .wrongType(name) }
            texts.append(text)
        }
        return texts
    }

    /// Throws when something was not taken.
    func finish() throws(ControlFormatError) {
        if let member = rest.first {
            throw ControlFormatError("`\(member.name)` is not expected here")
        }
    }
}

/// Why a line from the control socket is not understood.
package struct ControlFormatError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    static func wrongType(_ name: String) -> ControlFormatError {
        ControlFormatError("`\(name)` is missing or of another type")
    }
}

extension JSONMember {
    init(_ name: String, _ text: String?) {
        self.init(name: name, value: text.map(JSONValue.string) ?? .null)
    }

    init(_ name: String, _ flag: Bool) { self.init(name: name, value: .bool(flag)) }

    init(_ name: String, _ texts: [String]) {
        self.init(name: name, value: .array(texts.map(JSONValue.string)))
    }
}
