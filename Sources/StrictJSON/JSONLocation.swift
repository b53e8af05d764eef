/// Where a value begins in the document of a `JSONObject`.
package struct JSONLocation: Sendable {
    fileprivate let start: Int
    /// The end of a string's text; nil when the value is no string, or perhaps one with escapes.
    fileprivate var plainTextEnd: Int?
}

/// What `JSONObject.texts(at:_:)` found.
package enum JSONTexts: Sendable {
    /// One text.
    case single
    /// A list of texts, which may be empty.
    case list
    /// Anything else, a list with a member that is no text included.
    case none
}

extension JSONObject {
    /// Where the value of a member is, found by the exact bytes of its name; nil when there is none.
    package func location(of name: JSONName) -> JSONLocation? {
        guard let index = index(of: name) else { return nil }
        let member = member(at: index)
        return JSONLocation(
            start: member.valueStart,
            plainTextEnd: member.isPlainText ? member.valueEnd &- 1 : nil)
    }

    /// The same within another value; nil also when that is no object.
    package func location(of name: JSONName, within outer: JSONLocation) -> JSONLocation? {
        let bytes = bytes.span
        var scanner = JSONScanner(limits: .unlimited, position: outer.start)
        guard bytes[outer.start] == UInt8(ascii: "{") else { return nil }
        scanner.position += 1
        guard !scanner.closes(with: UInt8(ascii: "}"), bytes) else { return nil }
        repeat {
            // Nothing is thrown here: the scanner has been over all of it.
            guard let member = try? scanner.readName(bytes) else { return nil }
            if member.isSameText(as: name, bytes) {
                return JSONLocation(start: scanner.position)
            }
            try? scanner.skipValue(bytes)
        } while (try? scanner.continues(before: UInt8(ascii: "}"), bytes)) == true
        return nil
    }

    /// The value there, made anew.
    package func value(at location: JSONLocation) -> JSONValue {
        value(startingAt: location.start)
    }

    /// Where in `bytes` the text there is, when it is a string; nil when it is none, and perhaps when it
    /// has escapes.
    package func plainText(at location: JSONLocation) -> Range<Int>? {
        location.plainTextEnd.map { location.start &+ 1..<$0 }
    }

    /// Hands over the bytes of the text there, or of each text in the list there, after escapes are
    /// resolved. Nothing is allocated for texts without escapes.
    ///
    /// - Returns: what is there. When it is `none`, some texts may have been handed over, and must not
    ///   be used.
    package func texts(at location: JSONLocation, _ body: (Span<UInt8>) -> Void) -> JSONTexts {
        let bytes = bytes.span
        var scanner = JSONScanner(limits: .unlimited, position: location.start)
        switch bytes[location.start] {
        case UInt8(ascii: "\""):
            if let text = plainText(at: location) {
                body(bytes.extracting(text))
            } else {
                Self.readText(&scanner, bytes, body)
            }
            return .single
        case UInt8(ascii: "["):
            scanner.position += 1
            guard !scanner.closes(with: UInt8(ascii: "]"), bytes) else { return .list }
            repeat {
                guard bytes[scanner.position] == UInt8(ascii: "\"") else { return .none }
                Self.readText(&scanner, bytes, body)
            } while (try? scanner.continues(before: UInt8(ascii: "]"), bytes)) == true
            return .list
        default:
            return .none
        }
    }

    private static func readText(
        _ scanner: inout JSONScanner, _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void
    ) {
        guard let text = try? scanner.readText(bytes) else {
            preconditionFailure("the scanner has read this text before")
        }
        if text.hasEscapes {
            body(JSONEscape.resolve(text, bytes).span)
        } else {
            body(bytes.extracting(text.start..<text.end))
        }
    }
}
