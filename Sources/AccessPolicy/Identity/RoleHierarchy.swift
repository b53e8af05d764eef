import StrictJSON

/// The declared roles, and what each of them includes.
struct RoleHierarchy: Sendable {
    /// Sorted, so that ascending numbers are the order in which roles are shown to the upstream.
    let names: [String]
    /// By role: itself and everything that it includes, directly or not.
    let closures: [RoleSet]
    private let table: NameTable
    /// All names in their order, with a comma before each.
    private let list: [UInt8]
    /// Where each of them ends in `list`.
    private let ends: [Int]

    /// - Parameter includes: by declared role, the declared roles it includes; without a cycle.
    init(includes: [String: [String]]) {
        let names = includes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        self.names = names
        table = NameTable(names)
        var list: [UInt8] = []
        ends = names.map { name in
            list += ",\(name)".utf8
            return list.count
        }
        self.list = list
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

    /// Appends the names, sorted and with commas between them. By the rule for names of roles, all of
    /// them are safe in a header.
    func appendNames(of set: RoleSet, to block: inout [UInt8]) {
        var isFirst = true
        set.forEach { number in
            let comma = number == 0 ? 0 : ends[number - 1]
            let start = isFirst ? comma + 1 : comma
            block.append(copying: list.span.extracting(start..<ends[number]))
            isFirst = false
        }
    }
}
