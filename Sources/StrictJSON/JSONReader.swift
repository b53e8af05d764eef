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

    /// Reads a whole document that must be an object, as strictly, without making values of its members.
    ///
    /// - Parameters:
    ///   - bytes: what begins with the document. The object shares this array: changing it while the
    ///     object is in use would copy it.
    ///   - count: how many bytes the document has.
    ///   - limits: what is accepted at most.
    /// - Returns: the object, whose members can be asked for.
    /// - Throws: `JSONError`, also for a well-formed document that is no object.
    package static func readObject(
        _ bytes: [UInt8], count: Int, limits: JSONLimits
    ) throws(JSONError) -> JSONObject {
        var parser = JSONParser(limits: limits)
        try parser.readObject(bytes.span.extracting(first: count))
        return JSONObject(checked: bytes, count, parser.members, count: parser.memberCount)
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
    ///   - count: how many texts there are to choose from.
    ///   - candidate: each of them, by its position.
    /// - Returns: the position of the text with exactly these bytes; nil when there is none, when the
    ///   object has no such member, or when its value is no string.
    /// - Throws: `JSONError` when the document is visibly no object.
    package static func peekIndex(
        of name: JSONName, in bytes: Span<UInt8>, limits: JSONLimits, count: Int,
        candidate: (Int) -> String
    ) throws(JSONError) -> Int? {
        var parser = JSONParser(limits: limits)
        guard let range = try parser.peekText(named: name, in: bytes) else { return nil }
        for index in 0..<count where range.isSameText(as: candidate(index).utf8.span, bytes) {
            return index
        }
        return nil
    }
}
