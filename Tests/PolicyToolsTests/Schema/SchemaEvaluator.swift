import StrictJSON
import StrictYAML

/// Judges values by the part of JSON Schema (draft 2020-12) that our schemas use. A keyword that it does
/// not know is an error, so that no rule is silently passed over.
final class SchemaEvaluator {
    struct UnknownKeyword: Error { let name: String }

    private let root: JSONValue
    private var patterns: [String: Regex<AnyRegexOutput>] = [:]
    /// What was asked before, by pattern and text: files that differ in one place ask the same.
    private var verdicts: [String: [String: Bool]] = [:]

    init(_ root: JSONValue) { self.root = root }

    func accepts(_ value: JSONValue) throws -> Bool { try accepts(value, root) }

    private func accepts(_ value: JSONValue, _ schema: JSONValue) throws -> Bool {
        if case .bool(let verdict) = schema { return verdict }
        for keyword in schema.members ?? [] {
            guard try accepts(value, keyword.name, keyword.value, in: schema) else { return false }
        }
        return true
    }

    private func accepts(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, in schema: JSONValue
    ) throws -> Bool {
        switch keyword {
        case "$schema", "title", "description", "examples", "$defs", "then", "else": return true
        case "$ref":
            let name = String(rule.string?.dropFirst("#/$defs/".count) ?? "")
            guard let target = root["$defs"]?[name] else { throw UnknownKeyword(name: name) }
            return try accepts(value, target)
        case "type":
            return (rule.array ?? [rule]).contains { Self.isType($0.string ?? "", value) }
        case "const": return value == rule
        case "enum": return rule.array?.contains(value) == true
        case "anyOf": return try (rule.array ?? []).contains { try accepts(value, $0) }
        case "oneOf": return try (rule.array ?? []).filter { try accepts(value, $0) }.count == 1
        case "if":
            let branch = try accepts(value, rule) ? "then" : "else"
            return try schema[branch].map { try accepts(value, $0) } ?? true
        case "pattern":
            return try value.string.map { try matches($0, rule) } ?? true
        case "minLength":
            return value.string.map { $0.unicodeScalars.count >= Self.int(rule) } ?? true
        case "minimum": return Self.number(value).map { $0 >= Self.int(rule) } ?? true
        case "maximum": return Self.number(value).map { $0 <= Self.int(rule) } ?? true
        case "minItems": return value.array.map { $0.count >= Self.int(rule) } ?? true
        case "maxItems": return value.array.map { $0.count <= Self.int(rule) } ?? true
        case "minProperties": return value.members.map { $0.count >= Self.int(rule) } ?? true
        case "maxProperties": return value.members.map { $0.count <= Self.int(rule) } ?? true
        case "items":
            let prefix = schema["prefixItems"]?.array?.count ?? 0
            return try (value.array ?? []).dropFirst(prefix).allSatisfy { try accepts($0, rule) }
        case "prefixItems":
            return try zip(value.array ?? [], rule.array ?? []).allSatisfy { try accepts($0, $1) }
        case "required":
            guard value.members != nil else { return true }
            return (rule.array ?? []).allSatisfy { value[$0.string ?? ""] != nil }
        case "dependentRequired":
            return (rule.members ?? []).allSatisfy { entry in
                value[entry.name] == nil
                    || (entry.value.array ?? []).allSatisfy { value[$0.string ?? ""] != nil }
            }
        case "properties":
            return try (rule.members ?? []).allSatisfy { entry in
                try value[entry.name].map { try accepts($0, entry.value) } ?? true
            }
        case "patternProperties":
            return try (rule.members ?? []).allSatisfy { entry in
                try (value.members ?? []).allSatisfy { member in
                    try !matches(member.name, .string(entry.name))
                        || accepts(member.value, entry.value)
                }
            }
        case "additionalProperties":
            let known = (schema["properties"]?.members ?? []).map(\.name)
            let patterns = (schema["patternProperties"]?.members ?? []).map(\.name)
            return try (value.members ?? []).allSatisfy { member in
                try known.contains(member.name)
                    || patterns.contains { try matches(member.name, .string($0)) }
                    || accepts(member.value, rule)
            }
        default: throw UnknownKeyword(name: keyword)
        }
    }

    private func matches(_ text: String, _ pattern: JSONValue) throws -> Bool {
        let source = pattern.string ?? ""
        if let known = verdicts[source]?[text] { return known }
        let regex = try patterns[source] ?? Regex(source).matchingSemantics(.unicodeScalar)
        patterns[source] = regex
        let verdict = text.contains(regex)
        verdicts[source, default: [:]][text] = verdict
        return verdict
    }

    private static func isType(_ name: String, _ value: JSONValue) -> Bool {
        switch value {
        case .null: name == "null"
        case .bool: name == "boolean"
        case .number(let number): name == "number" || (name == "integer" && number.integer != nil)
        case .string: name == "string"
        case .array: name == "array"
        case .object: name == "object"
        }
    }

    private static func int(_ value: JSONValue) -> Int { value.number?.integer.map(Int.init) ?? 0 }

    private static func number(_ value: JSONValue) -> Int? {
        value.number?.floor.map { Int(clamping: $0) }
    }
}

extension JSONValue {
    /// What an editor's reader of YAML 1.2 (core schema) makes of a text.
    init(_ node: YAMLNode) {
        switch node.content {
        case .sequence(let elements): self = .array(elements.map(JSONValue.init))
        case .mapping(let entries):
            self = .object(entries.map { JSONMember(name: $0.key, value: JSONValue($0.value)) })
        case .scalar(let scalar) where !scalar.isPlain: self = .string(scalar.text)
        case .scalar(let scalar):
            switch scalar.text {
            case "", "~", "null", "Null", "NULL": self = .null
            case "true", "True", "TRUE": self = .bool(true)
            case "false", "False", "FALSE": self = .bool(false)
            default:
                let isNumber = scalar.text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?/) != nil
                let number = try? JSONReader.read(
                    Array(scalar.text.utf8).span, limits: JSONLimits(bytes: 100))
                self = isNumber ? number ?? .string(scalar.text) : .string(scalar.text)
            }
        }
    }
}
