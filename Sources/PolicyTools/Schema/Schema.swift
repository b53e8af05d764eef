import StrictJSON

/// A part of a JSON Schema (draft 2020-12).
///
/// What an editor reads is YAML 1.2, where a plain `5` is a number and a plain `true` is none of our
/// texts; so a text is allowed to be a number wherever our reader takes one for text.
struct Schema {
    private(set) var members: [JSONMember] = []

    var json: JSONValue { .object(members) }

    /// The same with another keyword.
    func adding(_ keyword: String, _ value: JSONValue) -> Schema {
        var copy = self
        copy.members.append(JSONMember(name: keyword, value: value))
        return copy
    }

    /// The same with what an editor shows at the key.
    func described(_ text: String) -> Schema {
        var copy = self
        copy.members.removeAll { $0.name == "description" }
        copy.members.insert(JSONMember(name: "description", value: .string(text)), at: 0)
        return copy
    }

    func examples(_ texts: String...) -> Schema {
        adding("examples", .array(texts.map { .string($0) }))
    }

    // MARK: Single values

    static func reference(_ definition: String) -> Schema {
        Schema().adding("$ref", .string("#/$defs/\(definition)"))
    }

    static var never: JSONValue { .bool(false) }

    static var flag: Schema { type("boolean") }

    static func type(_ names: String...) -> Schema {
        Schema().adding(
            "type", names.count == 1 ? .string(names[0]) : .array(names.map { .string($0) }))
    }

    /// Any text that is not empty.
    static var text: Schema { type("string", "number").adding("minLength", .number(JSONNumber(1))) }

    static func pattern(_ pattern: String) -> Schema {
        type("string").adding("pattern", .string(pattern))
    }

    /// A text of some form that may consist of digits alone.
    static func textPattern(_ pattern: String) -> Schema {
        type("string", "number").adding("pattern", .string(pattern))
    }

    static func choice(_ words: [String]) -> Schema {
        Schema().adding("enum", .array(words.map { .string($0) }))
    }

    static func constant(_ value: JSONValue) -> Schema { Schema().adding("const", value) }

    static func integer(_ range: ClosedRange<Int64>) -> Schema {
        type("integer").adding("minimum", .number(JSONNumber(range.lowerBound)))
            .adding("maximum", .number(JSONNumber(range.upperBound)))
    }

    // MARK: Lists and mappings

    static func any(_ schemas: [Schema]) -> Schema {
        Schema().adding("anyOf", .array(schemas.map(\.json)))
    }

    static func list(_ element: Schema, atLeast count: Int64 = 1) -> Schema {
        var schema = type("array").adding("items", element.json)
        if count > 0 { schema = schema.adding("minItems", .number(JSONNumber(count))) }
        return schema
    }

    /// One, or a list that is not empty.
    static func oneOrMore(_ element: Schema) -> Schema { any([element, list(element)]) }

    /// A mapping with a fixed set of keys.
    static func object(
        _ properties: KeyValuePairs<String, Schema>, required: [String] = []
    ) -> Schema {
        var schema = type("object")
        if !required.isEmpty {
            schema = schema.adding("required", .array(required.map { .string($0) }))
        }
        return schema.adding("properties", .object(properties.map(member)))
            .adding("additionalProperties", never)
    }

    /// A mapping whose keys are names of a certain form.
    static func map(_ keys: String, to value: Schema, atLeast count: Int64 = 0) -> Schema {
        var schema = type("object").adding(
            "patternProperties", .object([JSONMember(name: keys, value: value.json)]))
        if count > 0 { schema = schema.adding("minProperties", .number(JSONNumber(count))) }
        return schema.adding("additionalProperties", never)
    }

    static func members(_ members: KeyValuePairs<String, Schema>) -> JSONValue {
        .object(members.map(member))
    }

    private static func member(_ name: String, _ schema: Schema) -> JSONMember {
        JSONMember(name: name, value: schema.json)
    }

    static func names(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
}
