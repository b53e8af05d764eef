/// What the app makes of paths that are refused otherwise; the path that is forwarded has it done.
package struct PathRelaxations: Sendable, Equatable {
    /// Whether `//` is taken for `/`.
    package var mergesSlashes: Bool
    /// Whether `.` and `..` are resolved.
    package var resolvesDots: Bool

    package init(mergesSlashes: Bool = false, resolvesDots: Bool = false) {
        self.mergesSlashes = mergesSlashes
        self.resolvesDots = resolvesDots
    }

    package static let none = PathRelaxations()
}
