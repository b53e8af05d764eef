/// What a challenge asks for when a condition does not hold: all that its leaves ask, save negated ones.
enum StepUpCompiler {
    static func stepUp(_ document: ConditionDocument) -> StepUp? {
        var values: [String] = []
        var maxAge: Int64?
        forEachDemand(document) { kind in
            switch kind {
            case .acr(let acr):
                for value in acr.map(\.value) where !values.contains(value) { values.append(value) }
            case .authAge(let age):
                maxAge = min(maxAge ?? .max, age.components.seconds)
            default: break
            }
        }
        guard !values.isEmpty || maxAge != nil else { return nil }
        return StepUp(acrValues: values, maxAge: maxAge)
    }

    static func scopes(_ document: ConditionDocument) -> [String] {
        var scopes: [String] = []
        forEachDemand(document) { kind in
            guard case .scope(let named) = kind else { return }
            for scope in named.map(\.value) where !scopes.contains(scope) { scopes.append(scope) }
        }
        return scopes
    }

    private static func forEachDemand(
        _ document: ConditionDocument, isNegated: Bool = false,
        _ body: (ConditionDocument.Kind) -> Void
    ) {
        switch document.kind {
        case .all(let members), .any(let members):
            for member in members { forEachDemand(member, isNegated: isNegated, body) }
        case .not(let member): forEachDemand(member, isNegated: !isNegated, body)
        default: if !isNegated { body(document.kind) }
        }
    }
}
