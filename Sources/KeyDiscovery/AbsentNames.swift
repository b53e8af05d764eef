import TokenVerification

/// The names of keys of which an issuer is known to have none, because tokens have asked for them in
/// vain or because it has removed them.
///
/// A name is in vain only if it was asked for before a fetch began that did not bring it. Bounded,
/// and a crowd of invented names comes in slowly: few are taken between two fetches. So it takes many
/// fetches to push out a name that somebody goes on asking for.
struct AbsentNames: Sendable {
    /// Names that are remembered.
    static let capacity = 512
    /// Names that one fetch can be found not to have brought.
    static let askedCapacity = 32
    /// How long a name is remembered after it was last asked for. Long, for clients that come by
    /// once in a while; not for ever, since a name that was tried out may belong to a key one day.
    static let memory = Duration.seconds(3_600)

    /// Names that no fetch can tell about yet: none has begun since.
    private var asked: Set<KeyName> = []
    /// Those that the fetch under way can tell about.
    private var sought: Set<KeyName> = []
    /// When each was last asked for, or removed.
    private var absent: [KeyName: Duration] = [:]

    var count: Int { absent.count }

    /// A token asks for that name.
    /// - Returns: whether it is known to be absent.
    mutating func ask(for name: KeyName, at now: Duration) -> Bool {
        guard let last = absent[name] else {
            if asked.count < Self.askedCapacity { asked.insert(name) }
            return false
        }
        guard now - last < Self.memory else {
            absent[name] = nil
            return ask(for: name, at: now)
        }
        absent[name] = now
        return true
    }

    /// A fetch begins; if a name is why, it will tell about that one whatever else was asked.
    mutating func fetchBegins(for name: KeyName? = nil) {
        sought = asked
        asked = []
        if let name, absent[name] == nil { sought.insert(name) }
    }

    /// The fetch has told nothing.
    mutating func fetchFailed() {
        asked.formUnion(sought.prefix(max(0, Self.askedCapacity - asked.count)))
        sought = []
    }

    /// The issuer has keys of the names `present`, and no longer those of the names `gone`.
    mutating func fetched(present: Set<KeyName>, gone: Set<KeyName>, at now: Duration) {
        for name in sought.union(gone) { absent[name] = now }
        sought = []
        absent = absent.filter { name, last in
            now - last < Self.memory && !present.contains(name)
        }
        let excess = absent.count - Self.capacity
        guard excess > 0 else { return }
        for (name, _) in absent.sorted(by: { $0.value < $1.value }).prefix(excess) {
            absent[name] = nil
        }
    }
}
