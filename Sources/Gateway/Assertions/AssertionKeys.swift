import TokenIssuing

/// The keys of assertions as they are at one moment.
struct AssertionKeys: Sendable, Equatable {
    struct Entry: Sendable {
        let key: SigningKey
        /// From when on it signs or has signed, in Unix seconds; nil for a key of the configuration, of which
        /// nobody knows.
        let signsFrom: Int64?
        let stage: AssertionKeySchedule.Stage
    }

    /// The one that signs first, then the others that are published. Never empty.
    let entries: [Entry]

    /// The key that signs.
    var signing: SigningKey { entries[0].key }

    /// The published keys as a JWK set (RFC 7517 § 5).
    var keySet: [UInt8] { SigningKey.publicJWKS(entries.map(\.key)) }

    /// The key IDs, that of the key which signs first.
    var keyIDs: [String] { entries.map(\.key.keyID) }

    static func == (left: AssertionKeys, right: AssertionKeys) -> Bool {
        left.keyIDs == right.keyIDs
    }

    /// Nil when no key signs.
    init?(_ entries: [Entry]) {
        guard let signing = entries.firstIndex(where: { $0.stage == .signing }) else { return nil }
        let others = entries.indices.filter { $0 != signing && entries[$0].stage != .retired }
        self.entries = [entries[signing]] + others.reversed().map { entries[$0] }
    }
}
