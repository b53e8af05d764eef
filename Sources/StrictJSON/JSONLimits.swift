/// What a reader accepts at most. Every limit bounds work or memory before it is spent.
package struct JSONLimits: Sendable {
    /// Bytes of the whole document.
    package var bytes: Int
    /// Arrays and objects nested in one another; a document that is one flat object has depth 1.
    package var depth: Int
    /// Members of one object.
    package var members: Int
    /// Elements of one array.
    package var elements: Int
    /// Bytes of one member name, after its escapes are resolved.
    package var nameBytes: Int

    package init(
        bytes: Int, depth: Int = 8, members: Int = 256, elements: Int = 256, nameBytes: Int = 256
    ) {
        self.bytes = bytes
        self.depth = depth
        self.members = members
        self.elements = elements
        self.nameBytes = nameBytes
    }

    /// For documents that were read within limits before.
    static let unlimited = JSONLimits(
        bytes: .max, depth: .max, members: .max, elements: .max, nameBytes: .max)
    /// A JOSE header: few members, so that the search for duplicates stays trivial for bytes that
    /// nobody has signed yet.
    package static let header = JSONLimits(bytes: 4 * 1024, members: 32)
    /// A claims set, which never exceeds the token around it.
    package static let payload = JSONLimits(bytes: 8 * 1024)
    /// A JWK set of at most 256 keys.
    package static let keySet = JSONLimits(bytes: 512 * 1024)
}
