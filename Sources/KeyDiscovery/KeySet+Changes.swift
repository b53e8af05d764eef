import TokenVerification

extension KeySet {
    /// What is new, what is another key under the same `kid`, and what is gone, in words for a log.
    func changes(since before: KeySet) -> String {
        let added = keys(besides: before)
        let removed = before.keys(besides: self)
        let changed = added.filter { key in
            key.keyID != nil && removed.contains { $0.keyID == key.keyID }
        }
        func names(_ keys: [VerificationKey], without others: [VerificationKey] = []) -> String {
            keys.filter { key in !others.contains { $0.keyID == key.keyID } }
                .map { $0.keyID.map { "`\(ForeignText.shown($0))`" } ?? "one without a name" }
                .joined(separator: ", ")
        }
        return [
            ("added ", names(added, without: changed)), ("changed ", names(changed)),
            ("removed ", names(removed, without: changed)),
        ].filter { !$0.1.isEmpty }.map { $0.0 + $0.1 }.joined(separator: "; ")
    }

    private func keys(besides other: KeySet) -> [VerificationKey] {
        let known = Set(other.keys.map(\.epoch))
        return keys.filter { !known.contains($0.epoch) }
    }
}
