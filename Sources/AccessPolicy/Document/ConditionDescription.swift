import StrictYAML

/// Conditions in words, on one line.
extension ConditionDocument: CustomStringConvertible {
    /// `path.user = claims.subject or role admin`
    var description: String {
        switch kind {
        case .role(let name): "role \(name)"
        case .equal(let left, let right): "\(left) = \(right)"
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
        default: description
        }
    }
}

extension OperandDocument: CustomStringConvertible {
    var description: String {
        switch kind {
        case .variable(let name): "path.\(name)"
        case .claim(let name): "claims.\(name)"
        case .literal(let scalar): "\"\(scalar.text)\""
        }
    }
}
