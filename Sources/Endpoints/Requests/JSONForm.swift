internal import ReverseProxy
internal import StrictJSON
internal import TokenIssuing

/// A flat JSON object of texts, read member by member. What is wrong with it collects, so that one
/// answer names all of it.
struct JSONForm {
    private var unread: [JSONMember]
    private var errors: [FieldError] = []

    /// - Throws: 415 for another media type, 400 for a body that is no JSON object.
    init(_ request: LocalRequest) throws(EndpointRefusal) {
        guard MediaType(of: request) == .json else {
            throw EndpointRefusal(
                .unsupportedMediaType, detail: "content type is not application/json")
        }
        let document: JSONValue
        do {
            document = try JSONReader.read(request.body.span, limits: Self.limits)
        } catch {
            // The error has a reason and an offset, nothing of the text.
            throw EndpointRefusal(.badJSON, detail: "body is no JSON: \(error)")
        }
        guard let members = document.members else {
            throw EndpointRefusal(.badJSON, detail: "body is JSON, but no object")
        }
        unread = members
    }

    /// A text that must be there. nil: it is not, and the error is noted.
    mutating func required(_ name: String) -> String? {
        switch read(name) {
        case .keep:
            note(FieldError(name, .required, "is required"))
            return nil
        case .clear:
            note(FieldError(name, .required, "must not be null"))
            return nil
        case .set(let text): return text
        }
    }

    /// A text that may be left out; null says the same.
    mutating func optional(_ name: String) -> String? {
        guard case .set(let text) = read(name) else { return nil }
        return text
    }

    /// What a patch says of a member. One that is no text is noted, and left as it is.
    mutating func read(_ name: String) -> FieldChange {
        switch take(name) {
        case nil: return .keep
        case .null: return .clear
        case .string(let text): return .set(text)
        default:
            note(FieldError(name, .wrongType, "must be a string"))
            return .keep
        }
    }

    /// Notes a member that is known and cannot be given here, if it is there.
    mutating func refuse(_ name: String) {
        guard take(name) != nil else { return }
        note(FieldError(name, .notChangeable, "cannot be changed here"))
    }

    /// Only the first error of a field is noted.
    mutating func note(_ error: FieldError) {
        if !errors.contains(where: { $0.field == error.field }) { errors.append(error) }
    }

    /// To be called when every member that is known has been read: the others are errors.
    /// - Throws: 422 with all errors.
    mutating func finish() throws(EndpointRefusal) {
        for member in unread { note(FieldError(member.name, .unknownField, "is not known here")) }
        unread = []
        guard errors.isEmpty else {
            throw EndpointRefusal(
                .validationFailed, detail: "fields are not acceptable", errors: errors)
        }
    }

    private mutating func take(_ name: String) -> JSONValue? {
        guard let index = unread.firstIndex(where: { $0.name.hasSameBytes(as: name) }) else {
            return nil
        }
        return unread.remove(at: index).value
    }

    /// As large as the data plane lets a body be. A name of an unknown member comes back in the
    /// answer: hence the bounds.
    private static let limits = JSONLimits(bytes: 64 * 1024, members: 64, nameBytes: 64)
}
