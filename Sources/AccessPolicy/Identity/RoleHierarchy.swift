/// The declared roles, and what each of them includes.
struct RoleHierarchy: Sendable {
    /// Sorted, so that ascending numbers are the order in which roles are shown to the upstream.
    let names: [String]
    /// The same as bytes: a token's role counts if it is the very same bytes, whereas two equal
    /// `String`s can be different ones (the Kelvin sign equals the letter K).
    private let keys: [[UInt8]]
    /// By role: itself and everything that it includes, directly or not.
    let closures: [RoleSet]

    /// - Parameter includes: by declared role, the declared roles it includes; without a cycle.
    init(includes: [String: [String]]) {
        let names = includes.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let numbers = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
        self.names = names
        keys = names.map { Array($0.utf8) }
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

    func number(of name: some Collection<UInt8>) -> Int? {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].elementsEqual(name) { return middle }
            if keys[middle].lexicographicallyPrecedes(name) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return nil
    }

    /// The roles that a token's claim grants, with all that they include.
    ///
    /// Exact shapes only: a string is one role, a list of strings is several. Anything else, a list
    /// with a single member that is no string included, grants nothing, and neither does a name that
    /// is not declared: nobody may guess what an issuer meant.
    func granted(by claim: ClaimValue?) -> RoleSet {
        switch claim {
        case .text(let name): roles(named: [name])
        case .list(let names): roles(named: names)
        case .integer, .boolean, nil: RoleSet()
        }
    }

    func names(in set: RoleSet) -> [String] {
        names.indices.filter(set.contains).map { names[$0] }
    }

    private func roles(named list: [[UInt8]]) -> RoleSet {
        var set = RoleSet()
        for name in list {
            if let number = number(of: name) { set.formUnion(closures[number]) }
        }
        return set
    }
}
