package import AccessPolicy

/// Who may use which route: a column for strangers and for each role, a row for each route.
package struct PolicyMatrix: Sendable, Equatable {
    package enum Cell: Sendable, Equatable {
        case allowed
        /// The status of the refusal.
        case refused(Int)
        /// Allowed if a condition holds: its number in ``PolicyMatrix/conditions``, from 0.
        case depends(Int)
    }

    package struct Row: Sendable, Equatable {
        package let route: String
        /// `GET|POST /path`, with the hosts of the route.
        package let match: String
        package let cells: [Cell]
    }

    /// `anonymous`, or roles.
    package let columns: [String]
    /// By path, then by method, so that neighbours are about the same thing.
    package let rows: [Row]
    /// What must hold, in words.
    package let conditions: [String]
    /// The rules of `deny` that may refuse what the table allows: `deny.id: condition`.
    package let denials: [String]

    /// `roles` are `anonymous` and names of roles; empty: all, those that include less first.
    package init(_ policy: PolicySet, roles: [String] = []) {
        columns = roles.isEmpty ? Self.allColumns(policy) : roles
        let kinds = columns.map { $0 == "anonymous" ? PersonKind.anonymous : .role($0) }
        var conditions: [String] = []
        var rows: [Row] = []
        var rules: [String] = []
        let sorted = policy.routes.sorted { left, right in
            let (one, other) = (left.patternText, right.patternText)
            return one == other ? left.index < right.index : one.utf8.precedes(other.utf8)
        }
        for route in sorted {
            let cells = kinds.map { kind in
                Self.cell(policy.outlook(of: route, for: kind), &conditions)
            }
            for (kind, cell) in zip(kinds, cells) {
                if case .refused = cell { continue }
                rules += policy.mayDeny(kind, on: route).map(\.id)
            }
            let hosts = route.hostTexts.joined(separator: ", ")
            let match = route.matchText + (hosts.isEmpty ? "" : " on \(hosts)")
            rows.append(Row(route: route.id, match: match, cells: cells))
        }
        self.rows = rows
        self.conditions = conditions
        denials = policy.denyRules.filter { rules.contains($0.id) }.map { rule in
            "\(rule.code): \(rule.conditionText)"
        }
    }

    private static func cell(_ outlook: Outlook, _ conditions: inout [String]) -> Cell {
        switch outlook {
        case .allowed: return .allowed
        case .refused(_, let status): return .refused(status)
        case .depends(let alternatives):
            let text = words(alternatives)
            if let known = conditions.firstIndex(of: text) { return .depends(known) }
            conditions.append(text)
            return .depends(conditions.count - 1)
        }
    }

    /// `a and b, or c`
    static func words(_ alternatives: [[String]]) -> String {
        let isLong = alternatives.contains { $0.count > 1 }
        return alternatives.map { $0.joined(separator: " and ") }
            .joined(separator: isLong ? ", or " : " or ")
    }

    private static func allColumns(_ policy: PolicySet) -> [String] {
        let roles = policy.roleNames.sorted { left, right in
            let sizes = [left, right].map { policy.rolesIncluded(in: $0)?.count ?? 0 }
            return sizes[0] == sizes[1] ? left.utf8.precedes(right.utf8) : sizes[0] < sizes[1]
        }
        return ["anonymous"] + roles
    }

    /// The same for whoever refuses.
    package static let legend =
        "401: needs a token. 403, 404: refused with any token of that role. A column is somebody whose "
        + "token grants that role and what it includes."

    package static let denialTitle =
        "On every route that is not public these refuse whom the table lets in:"
}

extension PolicyMatrix.Cell {
    /// `allow`, `403`, `if [2]`
    package var text: String {
        switch self {
        case .allowed: "allow"
        case .refused(let status): "\(status)"
        case .depends(let number): "if [\(number + 1)]"
        }
    }
}

extension String.UTF8View {
    func precedes(_ other: String.UTF8View) -> Bool { lexicographicallyPrecedes(other) }
}
