import StrictJSON

extension JSONMember {
    static func text(_ name: String, _ text: String) -> JSONMember {
        JSONMember(name: name, value: .string(text))
    }

    static func number(_ name: String, _ number: Int64) -> JSONMember {
        JSONMember(name: name, value: .number(JSONNumber(number)))
    }

    static func texts(_ name: String, _ texts: [String]) -> JSONMember {
        JSONMember(name: name, value: .array(texts.map { .string($0) }))
    }
}
