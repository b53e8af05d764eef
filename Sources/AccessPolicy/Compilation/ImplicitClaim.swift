import StrictYAML

/// Claims that conditions read without their being declared: registered names of one meaning.
///
/// Who needs another source declares a claim of that name. One that no condition asks for is not read.
enum ImplicitClaim: String, CaseIterable {
    /// RFC 8693 § 4.2; `scp` is what some issuers call it.
    case scopes
    /// OpenID Connect Core § 2; RFC 9068 § 2.2.1.
    case acr
    case authTime = "auth_time"

    var declaration: ClaimDeclaration {
        switch self {
        case .scopes:
            ClaimDeclaration(
                name: rawValue, type: .stringList, sources: Self.paths("scope", "scp"),
                fallback: .list([]), form: .spaceSeparatedOrList)
        case .acr:
            ClaimDeclaration(
                name: rawValue, type: .string, sources: Self.paths("acr"),
                fallback: .text(ExactText("")))
        case .authTime:
            // Without it nobody knows when the sign-in was: as long ago as can be.
            ClaimDeclaration(
                name: rawValue, type: .integer, sources: Self.paths("auth_time"),
                fallback: .integer(0))
        }
    }

    /// Those that conditions ask for, and that are not declared.
    static func needed(
        by conditions: [ConditionDocument], beside declared: [ClaimDeclaration]
    ) -> [ClaimDeclaration] {
        var names: Set<String> = []
        for condition in conditions {
            condition.forEachLeaf { leaf in names.formUnion(leaf.implicitClaims.map(\.rawValue)) }
        }
        return allCases.filter { claim in
            names.contains(claim.rawValue) && !declared.contains { $0.name == claim.rawValue }
        }.map(\.declaration)
    }

    private static func paths(_ texts: String...) -> [ClaimPath] {
        texts.compactMap { ClaimPath($0) }
    }
}

extension ConditionDocument {
    fileprivate var implicitClaims: [ImplicitClaim] {
        func named(_ operand: OperandDocument) -> ImplicitClaim? {
            guard case .claim(let name) = operand.kind else { return nil }
            return ImplicitClaim(rawValue: name)
        }
        switch kind {
        case .scope: return [.scopes]
        case .acr: return [.acr]
        case .authAge: return [.authTime]
        case .claim(let tests): return tests.compactMap { ImplicitClaim(rawValue: $0.name.value) }
        case .equal(let left, let right), .contains(let left, let right):
            return [left, right].compactMap(named)
        case .in(let operand, _): return named(operand).map { [$0] } ?? []
        default: return []
        }
    }
}

extension ConditionCompiler {
    /// The number of the claim that a condition reads; nil after a report.
    func implicit(_ claim: ImplicitClaim, _ document: ConditionDocument) -> Int? {
        guard let number = identity.claims.firstIndex(where: { $0.name == claim.rawValue }) else {
            return nil
        }
        let (type, needed) = (identity.claims[number].type, claim.declaration.type)
        if type == needed { return number }
        sink.report(
            "type_mismatch", at: document.position,
            "claim `\(claim.rawValue)` is declared as \(type.phrase), and this condition needs "
                + needed.phrase,
            suggestion: "declare it with `type: \(needed.rawValue)`, or remove it from `claims`")
        return nil
    }
}
