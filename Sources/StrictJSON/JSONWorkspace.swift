/// Memory that reading needs and that is kept from one document to the next.
package struct JSONWorkspace: Sendable {
    private var members = [JSONMemberRange](repeating: JSONMemberRange(), count: 64)

    package init() {}

    /// Steps over a document, strictly.
    ///
    /// - Returns: how many members of its outermost object are in the workspace now.
    mutating func scan(
        _ bytes: Span<UInt8>, limits: JSONLimits
    ) throws(JSONError) -> Int {
        while true {
            var scanner = JSONScanner(limits: limits)
            do throws(JSONError) {
                var room = members.mutableSpan
                try scanner.readDocument(bytes, &room)
                return scanner.memberCount
            } catch {
                guard scanner.lacksRoom else { throw error }
            }
            members = Array(repeating: JSONMemberRange(), count: 2 * members.count)
        }
    }

    /// Reads a whole document that must be an object, as strictly as `JSONReader.read`, without making
    /// values of its members.
    ///
    /// - Parameters:
    ///   - bytes: the document, which is copied once it has been read.
    ///   - limits: what is accepted at most.
    /// - Returns: the object, whose members can be asked for.
    /// - Throws: `JSONError`, also for a well-formed document that is no object.
    package mutating func readObject(
        _ bytes: Span<UInt8>, limits: JSONLimits
    ) throws(JSONError) -> JSONObject {
        let count = try scan(bytes, limits: limits)
        var first = 0
        while JSONScanner.isWhitespace(bytes[first]) { first += 1 }
        guard bytes[first] == UInt8(ascii: "{") else { throw JSONError(.notAnObject, at: 0) }
        return JSONObject(checked: bytes, members.span.extracting(first: count))
    }
}
