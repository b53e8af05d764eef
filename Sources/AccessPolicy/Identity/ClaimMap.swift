/// What the values of an issuer are called here.
struct ClaimMap: Sendable {
    private let names: NameTable
    private let targets: [[ClaimValue]]
    /// Whether a value that the table does not name stays as it is, or counts for nothing.
    let keepsUnmapped: Bool

    /// - Parameters:
    ///   - entries: no two of the same name; targets have the type of the claim, or of its members.
    ///   - keepsUnmapped: whether a value that the table does not name stays as it is.
    init(_ entries: [(name: String, targets: [ClaimValue])], keepsUnmapped: Bool) {
        names = NameTable(entries.map(\.name))
        targets = entries.map(\.targets)
        self.keepsUnmapped = keepsUnmapped
    }

    /// What a value stands for; nil when the table does not name it.
    func targets(of foreign: Span<UInt8>) -> [ClaimValue]? {
        names.number(of: foreign).map { targets[$0] }
    }
}
