import StrictYAML

/// Resolves the names in a condition and lays it out as a ``Condition``.
struct ConditionCompiler {
    let scope: ConditionScope
    let identity: IdentityModel
    let sink: DiagnosticSink
    var constants = Condition.Constants()

    /// The condition, which must not be used when anything was reported.
    static func compile(
        _ document: ConditionDocument, in scope: ConditionScope, _ identity: IdentityModel,
        _ sink: DiagnosticSink
    ) -> Condition {
        var compiler = ConditionCompiler(scope: scope, identity: identity, sink: sink)
        let before = sink.count
        let tree = compiler.tree(document)
        if sink.count == before { ConditionLogic(identity.roles, sink).check(tree) }
        let layout = ConditionLayout(tree)
        let isPlainRole = if case .role = document.kind { true } else { false }
        return Condition(
            steps: layout.steps, words: layout.words, constants: compiler.constants,
            parameters: scope.parameters, isPlainRole: isPlainRole, denies: scope.pattern == nil,
            stepUp: StepUpCompiler.stepUp(document), scopes: StepUpCompiler.scopes(document))
    }

    private mutating func tree(_ document: ConditionDocument) -> ConditionTree {
        let position = document.position
        switch document.kind {
        case .all(let members): return .all(members.map { tree($0) }, position)
        case .any(let members): return .any(members.map { tree($0) }, position)
        case .not(let member): return .not(tree(member), position)
        case .claim(let tests):
            let leaves = tests.map { ConditionTree.leaf(claim($0) ?? unusable(document)) }
            return leaves.count == 1 ? leaves[0] : .all(leaves, position)
        default: return .leaf(leaf(document) ?? unusable(document))
        }
    }

    /// Nil after a report.
    private mutating func leaf(_ document: ConditionDocument) -> ConditionTree.Leaf? {
        switch document.kind {
        case .role(let name):
            role(name, document).map { document.leaf(.role($0)) }
        case .equal(let left, let right): equal(left, right, document)
        case .contains(let list, let item): contains(list, item, document)
        case .in(let operand, let values): membership(operand, values, document)
        case .scope(let scopes): scope(scopes, document)
        case .method(let names): method(names, document)
        case .acr(let values): acr(values, document)
        case .authAge(let age):
            implicit(.authTime, document).map {
                document.leaf(
                    .recent(claim: $0, seconds: age.components.seconds), remedy: .stepUp)
            }
        case .time(let time): document.leaf(.time(add(time.window)))
        case .authenticated: document.leaf(.authenticated)
        case .anyone: document.leaf(.anyone)
        case .claim, .all, .any, .not: nil
        }
    }

    private func unusable(_ document: ConditionDocument) -> ConditionTree.Leaf {
        document.leaf(.anyone)
    }

    private func role(_ name: String, _ document: ConditionDocument) -> Int? {
        if let number = identity.roles.number(of: name) { return number }
        sink.report(
            "unknown_role", at: document.position, "role `\(name)` is not declared",
            suggestion: didYouMean(name, in: identity.roles.names))
        return nil
    }

    private mutating func scope(
        _ scopes: [Located<String>], _ document: ConditionDocument
    ) -> ConditionTree.Leaf? {
        for scope in scopes where !Self.isScope(scope.value) {
            sink.report(
                "wrong_value", at: scope.position, "`\(scope.value)` is no scope",
                suggestion: scope.value.contains(" ")
                    ? "write a list: `[\(scope.value.split(separator: " ").joined(separator: ", "))]`"
                    : nil)
        }
        guard let claim = implicit(.scopes, document) else { return nil }
        return document.leaf(
            .members(claim: claim, add(scopes.map(\.value))), remedy: .scope)
    }

    private mutating func acr(
        _ values: [Located<String>], _ document: ConditionDocument
    ) -> ConditionTree.Leaf? {
        for value in values where !Self.isScope(value.value) {
            sink.report(
                "wrong_value", at: value.position,
                "`\(value.value)` is no authentication context class: it holds a space, a quote or "
                    + "other than ASCII")
        }
        guard let claim = implicit(.acr, document) else { return nil }
        var leaf = document.leaf(
            .text(.claim(claim), add(values.map(\.value))), remedy: .stepUp)
        leaf.choice = .init(about: "claims.acr", values: Set(values.map(\.value)))
        return leaf
    }

    private func method(
        _ names: [Located<String>], _ document: ConditionDocument
    ) -> ConditionTree.Leaf? {
        var methods: [Method] = []
        for name in names {
            guard let method = Method(name: name.value) else {
                sink.report(
                    "unknown_method", at: name.position, "unknown method `\(name.value)`",
                    suggestion: didYouMean(name.value, in: Method.allCases.map(\.name)))
                return nil
            }
            guard scope.methods.contains(method) else {
                sink.report(
                    "constant_condition", at: name.position,
                    "the route is not for `\(name.value)`, so this never holds",
                    suggestion: "name the method in `match`, or remove it here")
                return nil
            }
            methods.append(method)
        }
        let set = MethodSet(methods)
        let universe = Method.allCases.filter(scope.methods.contains)
        guard universe.contains(where: { !set.contains($0) }) else {
            sink.report(
                "constant_condition", at: document.position,
                "the route is for no other methods, so this always holds",
                suggestion: "remove it")
            return nil
        }
        var leaf = document.leaf(.method(set))
        leaf.choice = .init(
            about: "method", values: Set(Method.allCases.filter(set.contains).map(\.name)),
            universe: Set(universe.map(\.name)))
        return leaf
    }

    /// Visible ASCII without `"` and `\` (RFC 6749 § 3.3), which can stand in a challenge.
    private static func isScope(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
            }
    }
}

extension ConditionDocument {
    func leaf(
        _ question: ConditionLeaf, remedy: Condition.Remedy = []
    ) -> ConditionTree.Leaf {
        ConditionTree.Leaf(
            question: question, remedy: remedy, words: description, position: position)
    }
}
