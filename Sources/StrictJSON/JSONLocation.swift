/// Where a value begins in the document of a `JSONObject`.
package struct JSONLocation: Sendable {
    fileprivate let start: Int
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
        index(of: name).map { JSONLocation(start: Int(members[$0].valueStart)) }
    }

    /// The same within another value; nil also when that is no object.
    package func location(of name: JSONName, within outer: JSONLocation) -> JSONLocation? {
        let bytes = bytes.span
        var parser = JSONParser(limits: .unlimited, position: outer.start)
        guard bytes[outer.start] == UInt8(ascii: "{") else { return nil }
        parser.position += 1
        guard !parser.closes(with: UInt8(ascii: "}"), bytes) else { return nil }
        repeat {
            // Nothing is thrown here: the reader has been over all of it.
            guard let member = try? parser.readName(bytes) else { return nil }
            if member.isSameText(as: name.text.utf8.span, bytes) {
                return JSONLocation(start: parser.position)
            }
            _ = try? parser.readValue(bytes, depth: 1, isBuilding: false)
        } while (try? parser.continues(before: UInt8(ascii: "}"), bytes)) == true
        return nil
    }

    /// The value there, made anew.
    package func value(at location: JSONLocation) -> JSONValue {
        var parser = JSONParser(limits: .unlimited, position: location.start)
        return (try? parser.readValue(bytes.span, depth: 1, isBuilding: true)) ?? .null
    }

    /// Hands over the bytes of the text there, or of each text in the list there, after escapes are
    /// resolved. Nothing is allocated for texts without escapes.
    ///
    /// - Returns: what is there. When it is `none`, some texts may have been handed over, and must not
    ///   be used.
    package func texts(at location: JSONLocation, _ body: (Span<UInt8>) -> Void) -> JSONTexts {
        let bytes = bytes.span
        var parser = JSONParser(limits: .unlimited, position: location.start)
        switch bytes[location.start] {
        case UInt8(ascii: "\""):
            Self.readText(&parser, bytes, body)
            return .single
        case UInt8(ascii: "["):
            parser.position += 1
            guard !parser.closes(with: UInt8(ascii: "]"), bytes) else { return .list }
            repeat {
                guard bytes[parser.position] == UInt8(ascii: "\"") else { return .none }
                Self.readText(&parser, bytes, body)
            } while (try? parser.continues(before: UInt8(ascii: "]"), bytes)) == true
            return .list
        default:
            return .none
        }
    }

    private static func readText(
        _ parser: inout JSONParser, _ bytes: Span<UInt8>, _ body: (Span<UInt8>) -> Void
    ) {
        guard let text = try? parser.readText(bytes) else {
            preconditionFailure("the parser has read this text before")
        }
        if text.hasEscapes {
            body(JSONEscape.resolve(text, bytes).span)
        } else {
            body(bytes.extracting(text.start..<text.end))
        }
    }
}
