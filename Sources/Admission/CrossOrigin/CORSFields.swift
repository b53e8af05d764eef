internal import AccessPolicy

/// What one route's CORS rule adds to answers (Fetch § 3.2), as bytes that are made once.
///
/// An origin is compared byte for byte, as a browser serialises it, and what goes out is the policy's
/// own text: nothing of the request comes back.
final class CORSFields: Sendable {
    private struct Origin {
        let bytes: [UInt8]
        let answer: [UInt8]
        let preflight: [UInt8]
    }

    private let origins: [Origin]
    /// For an origin that is not allowed, and for requests without one.
    private let others: Origin
    private let methods: [Method]
    /// In lower case.
    private let headers: [[UInt8]]
    private let allowsAnyHeader: Bool

    init(_ rule: CORSRule) {
        let vary = rule.allowsAnyOrigin ? "" : "Vary: Origin\r\n"
        func fields(_ origin: String) -> (answer: String, preflight: String) {
            let allowed =
                "Access-Control-Allow-Origin: \(origin)\r\n"
                + (rule.credentials ? "Access-Control-Allow-Credentials: true\r\n" : "")
            let exposed = rule.exposed.joined(separator: ", ")
            return (
                allowed + vary
                    + (exposed.isEmpty ? "" : "Access-Control-Expose-Headers: \(exposed)\r\n"),
                allowed + Self.preflight(rule)
            )
        }
        func origin(_ text: String) -> Origin {
            let fields = fields(text)
            return Origin(
                bytes: Array(text.utf8), answer: Array(fields.answer.utf8),
                preflight: Array(fields.preflight.utf8))
        }
        origins = rule.origins.map(origin)
        others =
            rule.allowsAnyOrigin
            ? origin("*") : Origin(bytes: [], answer: Array(vary.utf8), preflight: [])
        methods = rule.methods
        headers = rule.headers.map { Array($0.lowercased().utf8) }
        allowsAnyHeader = rule.headers.contains("*")
    }

    /// The field lines of an answer to a request from `origin`, which is empty where the request names
    /// none, or several. Never empty: an upstream's own fields give way to them.
    func answer(to origin: Span<UInt8>) -> [UInt8] { rules(for: origin).answer }

    /// The field lines of the answer to a preflight; empty when the page may not send the request.
    func preflight(
        from origin: Span<UInt8>, for method: Method, headers requested: Span<UInt8>
    ) -> [UInt8] {
        guard methods.contains(method), allows(requested) else { return [] }
        return rules(for: origin).preflight
    }

    private func rules(for origin: Span<UInt8>) -> Origin {
        for candidate in origins where candidate.bytes.span.isSame(as: origin) { return candidate }
        return others
    }

    /// Whether every name of a comma-separated list is one that a page may set.
    private func allows(_ list: Span<UInt8>) -> Bool {
        var index = 0
        while index < list.count {
            var end = index
            while end < list.count, list[end] != 0x2C { end += 1 }
            var (start, stop) = (index, end)
            while start < stop, isBlank(list[start]) { start += 1 }
            while stop > start, isBlank(list[stop - 1]) { stop -= 1 }
            if start < stop, !allowsName(list.extracting(start..<stop)) { return false }
            index = end + 1
        }
        return true
    }

    private func allowsName(_ name: Span<UInt8>) -> Bool {
        for header in headers where header.span.isSame(asLowerCaseOf: name) { return true }
        // Fetch § 3.2.3: `*` does not cover the credential.
        return allowsAnyHeader && !Self.authorization.span.isSame(asLowerCaseOf: name)
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func preflight(_ rule: CORSRule) -> String {
        let methods = rule.methods.map(\.name).joined(separator: ", ")
        let headers = rule.headers.joined(separator: ", ")
        return "Access-Control-Allow-Methods: \(methods)\r\n"
            + (headers.isEmpty ? "" : "Access-Control-Allow-Headers: \(headers)\r\n")
            + "Access-Control-Max-Age: \(rule.maxAge.components.seconds)\r\n"
    }

    private static let authorization = Array("authorization".utf8)
}

extension Span<UInt8> {
    fileprivate func isSame(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices where self[index] != other[index] { return false }
        return true
    }

    /// Whether `other` in lower case is this.
    fileprivate func isSame(asLowerCaseOf other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in indices {
            let byte = other[index]
            let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if self[index] != lower { return false }
        }
        return true
    }
}
