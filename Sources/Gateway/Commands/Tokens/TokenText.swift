import StrictJSON

/// A token as somebody pasted it, and what can be read of it without believing any of it.
struct TokenText {
    /// Without white space around it and without `Bearer` before it.
    let bytes: [UInt8]
    /// Nil where it cannot be read.
    let header: JSONValue?
    let payload: JSONValue?
    let signature: [UInt8]?

    /// - Throws: when there is nothing.
    init(_ text: [UInt8]) throws(CommandFailure) {
        bytes = Self.stripped(text)
        guard !bytes.isEmpty else {
            throw CommandFailure("there is no token; pass it as an argument or on standard input")
        }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        header = parts.first.flatMap { Self.json($0, limits: .header) }
        payload = parts.dropFirst().first.flatMap { Self.json($0, limits: .payload) }
        signature = parts.count == 3 ? parts.last.flatMap { Base64URL.decode($0.span) } : nil
    }

    /// The members of `aud`.
    var audiences: [String] {
        guard let value = payload?["aud"] else { return [] }
        return value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
    }

    private static func json(_ part: ArraySlice<UInt8>, limits: JSONLimits) -> JSONValue? {
        guard let bytes = Base64URL.decode(part.span) else { return nil }
        return try? JSONReader.read(bytes.span, limits: limits)
    }

    private static func stripped(_ text: [UInt8]) -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        var token = text[...]
        while let last = token.last, isSpace(last) { token.removeLast() }
        token = token.drop(while: isSpace)
        let scheme = Array("bearer ".utf8)
        if token.prefix(scheme.count).map({ $0 | 0x20 }) == scheme {
            token = token.dropFirst(scheme.count).drop(while: isSpace)
        }
        return Array(token)
    }
}
