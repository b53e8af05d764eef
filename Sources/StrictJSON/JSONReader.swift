/// Reads JSON as RFC 8259 spells it and nothing else: UTF-8 only, no byte order mark, no comments,
/// no trailing commas, no two members of one name (compared after escapes), nothing after the value.
package enum JSONReader {
    /// Reads a whole document.
    ///
    /// Time is linear in the bytes, but for the search for duplicate names, which is quadratic in the
    /// bounded number of members of one object. Stack use is bounded by `limits.depth`.
    /// - Throws: `JSONError` with the reason and the byte where reading stopped.
    package static func read(
        _ bytes: Span<UInt8>, limits: JSONLimits
    ) throws(JSONError) -> JSONValue {
        var workspace = JSONWorkspace()
        _ = try workspace.scan(bytes, limits: limits)
        var builder = JSONBuilder()
        return try builder.value(bytes)
    }

    /// Reads a whole document that must be an object; see `JSONWorkspace.readObject`, which is for those
    /// who read many.
    package static func readObject(
        _ bytes: Span<UInt8>, limits: JSONLimits
    ) throws(JSONError) -> JSONObject {
        var workspace = JSONWorkspace()
        return try workspace.readObject(bytes, limits: limits)
    }

    /// Finds the first top-level member of that name and tells which of a few texts it is, without
    /// making it and without fully checking the rest.
    ///
    /// For *choosing* how to check a document that is not trusted yet, never for deciding: read the
    /// whole document strictly afterwards and compare again.
    ///
    /// - Parameters:
    ///   - name: the member.
    ///   - bytes: the document.
    ///   - limits: what is accepted at most.
    ///   - candidates: the texts to choose from.
    /// - Returns: the position of the text with exactly these bytes; nil when there is none, when the
    ///   object has no such member, or when its value is no string.
    /// - Throws: `JSONError` when the document is visibly no object.
    package static func peekIndex(
        of name: JSONName, in bytes: Span<UInt8>, limits: JSONLimits,
        among candidates: ExactTexts
    ) throws(JSONError) -> Int? {
        var scanner = JSONScanner(limits: limits)
        guard let text = try scanner.peekText(named: name, in: bytes) else { return nil }
        return candidates.firstIndex(of: text, bytes)
    }
}
