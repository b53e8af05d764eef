/// What the values of an issuer are called here.
struct ClaimMap: Sendable {
    private let names: NameTable
    private let targets: [[ClaimValue]]
    private let keepsUnmapped: Bool

    /// - Parameters:
    ///   - entries: no two of the same name; targets have the type of the claim, or of its members.
    ///   - keepsUnmapped: whether a value that the table does not name stays as it is.
    init(_ entries: [(name: String, targets: [ClaimValue])], keepsUnmapped: Bool) {
        names = NameTable(entries.map(\.name))
        targets = entries.map(\.targets)
        self.keepsUnmapped = keepsUnmapped
    }

    /// None for a value that is to be dropped.
    func own(_ foreign: String) -> [ClaimValue] {
        if let number = names.number(of: foreign.utf8.span) { return targets[number] }
        return keepsUnmapped ? [.text(ExactText(foreign))] : []
    }
}
