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
        var parser = JSONParser(limits: limits)
        return try parser.readDocument(bytes)
    }

    /// Finds the first top-level member of that name and returns it when it is a string, without
    /// building or fully checking the rest.
    ///
    /// For *choosing* how to check a document that is not trusted yet, never for deciding: read the
    /// whole document strictly afterwards and compare again.
    /// - Returns: nil when the object has no such member or its value is no string.
    /// - Throws: `JSONError` when the text is visibly no object.
    package static func peekString(
        named name: StaticString, in bytes: Span<UInt8>, limits: JSONLimits
    ) throws(JSONError) -> String? {
        var parser = JSONParser(limits: limits)
        return try parser.peekString(named: name, in: bytes)
    }
}
