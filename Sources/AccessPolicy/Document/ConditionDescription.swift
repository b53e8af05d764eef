import StrictYAML

/// Conditions in words, on one line.
extension ConditionDocument: CustomStringConvertible {
    /// `path.user = claims.subject or role admin`
    var description: String {
        switch kind {
        case .role(let name): "role \(name)"
        case .claim(let tests): tests.map(\.description).joined(separator: " and ")
        case .equal(let left, let right): "\(left) = \(right)"
        case .contains(let list, let item): "\(list) has \(item)"
        case .in(let operand, let values): "\(operand) in [\(Self.list(values))]"
        case .scope(let scopes): "scope \(scopes.map(\.value).joined(separator: " "))"
        case .method(let methods): "method \(methods.map(\.value).joined(separator: "|"))"
        case .acr(let values): "acr \(values.map(\.value).joined(separator: " or "))"
        case .authAge(let duration): "signed in within \(Quantity.describe(duration))"
        case .time(let time): "time \(time.words)"
        case .authenticated: "authenticated"
        case .anyone: "anyone"
        case .all(let members): members.map(\.nested).joined(separator: " and ")
        case .any(let members): members.map(\.nested).joined(separator: " or ")
        case .not(let member): "not \(member.nested)"
        }
    }

    private var nested: String {
        switch kind {
        case .all(let members) where members.count > 1: "(\(self))"
        case .any(let members) where members.count > 1: "(\(self))"
        case .claim(let tests) where tests.count > 1: "(\(self))"
        default: description
        }
    }

    fileprivate static func list(_ values: [Located<YAMLScalar>]) -> String {
        values.map { OperandDocument.words($0.value) }.joined(separator: ", ")
    }
}

extension ConditionDocument.ClaimTest: CustomStringConvertible {
    var description: String {
        values.count == 1
            ? "claims.\(name.value) = \(ConditionDocument.list(values))"
            : "claims.\(name.value) in [\(ConditionDocument.list(values))]"
    }
}

extension OperandDocument: CustomStringConvertible {
    var description: String {
        switch kind {
        case .variable(let name): "path.\(name)"
        case .claim(let name): "claims.\(name)"
        case .parameter(let name): "query.\(name)"
        case .clientAddress: "client.ip"
        case .literal(let scalar): Self.words(scalar)
        }
    }

    fileprivate static func words(_ scalar: YAMLScalar) -> String { "\"\(scalar.text)\"" }
}
