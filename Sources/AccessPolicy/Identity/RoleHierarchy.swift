/// The declared roles, and what each of them includes.
struct RoleHierarchy: Sendable {
    /// Sorted, so that ascending numbers are the order in which roles are shown to the upstream.
    let names: [String]
    /// By role: itself and everything that it includes, directly or not.
    let closures: [RoleSet]
    private let table: NameTable

    /// - Parameter includes: by declared role, the declared roles it includes; without a cycle.
    init(includes: [String: [String]]) {
        let names = includes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        self.names = names
        table = NameTable(names)
        closures = names.map { name in
            var closure = RoleSet()
            var pending = [name]
            while let next = pending.popLast() {
                guard let number = numbers[next], !closure.contains(number) else { continue }
                closure.insert(number)
                pending += includes[next] ?? []
            }
            return closure
        }
    }

    func number(of name: String) -> Int? { table.number(of: name.utf8.span) }

    /// A role and all that it includes; nil where it is not declared.
    func closure(of name: String) -> RoleSet? { number(of: name).map { closures[$0] } }

    func names(in set: RoleSet) -> [String] {
        names.indices.filter(set.contains).map { names[$0] }
    }
}
