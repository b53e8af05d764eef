import AccessPolicy
import StrictJSON
import StrictYAML

/// Reads an entry of `as`: a name and the claims of a token.
enum PersonReader {
    static func read(
        _ entry: YAMLEntry, _ policy: PolicySet, _ sink: DiagnosticSink
    ) -> PolicyPerson? {
        guard entry.key != "anonymous" else {
            sink.report(
                "bad_name", at: entry.keyPosition,
                "`anonymous` is whoever has no token, and needs no entry")
            return nil
        }
        guard let members = entry.value.entries("as.\(entry.key)", sink) else { return nil }
        var issuerName: String?
        if let node = entry.value["iss"] {
            issuerName = issuer(node, policy, sink)
        } else if policy.issuers.count > 1 {
            sink.report(
                "missing_key", at: entry.keyPosition,
                "`\(entry.key)` has no `iss`, and the policy has several issuers",
                suggestion: "write `iss: \(policy.issuers[0].name)`")
        }
        let claims = members.filter { $0.key != "iss" }.compactMap { member in
            value(member.value, "as.\(entry.key).\(member.key)", sink).map {
                JSONMember(name: member.key, value: $0)
            }
        }
        return PolicyPerson(name: entry.key, issuerName: issuerName, claims: .object(claims))
    }

    /// An issuer by its name in the policy or by its `issuer`.
    private static func issuer(
        _ node: YAMLNode, _ policy: PolicySet, _ sink: DiagnosticSink
    ) -> String? {
        guard let text = node.string("iss", sink) else { return nil }
        if let issuer = policy.issuers.first(where: { $0.name == text || $0.issuer == text }) {
            return issuer.name
        }
        sink.report(
            "unknown_issuer", at: node.position, "the policy has no issuer `\(text)`",
            suggestion: didYouMean(text, in: policy.issuers.map(\.name)))
        return nil
    }

    /// What a token would hold: text, whole numbers, `true`, `false`, lists and objects of these.
    private static func value(
        _ node: YAMLNode, _ name: String, _ sink: DiagnosticSink
    ) -> JSONValue? {
        switch node.content {
        case .sequence(let elements):
            return .array(elements.compactMap { value($0, name, sink) })
        case .mapping(let entries):
            return .object(
                entries.compactMap { entry in
                    value(entry.value, "\(name).\(entry.key)", sink).map {
                        JSONMember(name: entry.key, value: $0)
                    }
                })
        case .scalar(let scalar):
            if scalar.isPlain {
                if let number = Quantity.integer(scalar.text) {
                    return .number(JSONNumber(Int64(number)))
                }
                if scalar.text == "true" { return .bool(true) }
                if scalar.text == "false" { return .bool(false) }
                if scalar.text == "null" { return .null }
            }
            return node.string(name, sink).map { .string($0) }
        }
    }
}
