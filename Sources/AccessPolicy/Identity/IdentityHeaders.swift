import StrictJSON

/// The header lines that tell the upstream who asks.
package enum IdentityHeaders: Sendable, Equatable {
    /// Zero or more complete lines, `Name: value` and CRLF each, in the order of the policy.
    case bytes(ArraySlice<UInt8>)
    /// A value cannot be a header value without changing its meaning for some reader. No request that
    /// would carry it is forwarded.
    case unsafe
}

/// One entry of `defaults.identity.headers`.
///
/// A class, so that writing it copies nothing of it.
final class IdentityHeader: Sendable {
    enum Source: Sendable, Equatable {
        case roles
        /// A number of a claim of the ``IdentityModel``.
        case claim(Int)
    }

    /// A header value longer than this many bytes is refused.
    static let maximumValueLength = 4096
    /// Room for a line, in bytes; a longer one costs another allocation.
    static let usualLength = 48

    let name: String
    let source: Source
    private let lineStart: LineStart

    /// The name, colon and space. A value, because what a class stores lends no spans.
    private struct LineStart: Sendable {
        let bytes: [UInt8]

        func add(to claims: inout HeldClaims) { claims.add(bytes.span) }

        func addLine(_ text: Range<Int>, to claims: inout HeldClaims) {
            claims.add(bytes.span, copyOf: text)
        }
    }

    init(name: String, source: Source) {
        self.name = name
        self.source = source
        lineStart = LineStart(bytes: Array("\(name): ".utf8))
    }

    /// Adds the line behind the claims, or nothing where there is no value.
    ///
    /// - Returns: whether the value is safe; if not, no line must be used.
    func write(to claims: inout HeldClaims, _ granted: RoleSet, of roles: RoleHierarchy) -> Bool {
        if case .claim(let number) = source, case .text(let text) = claims[number] {
            guard !text.isEmpty else { return true }
            guard Self.isSafe(text, claims) else { return false }
            lineStart.addLine(text, to: &claims)
            return true
        }
        let start = claims.byteCount
        lineStart.add(to: &claims)
        let valueStart = claims.byteCount
        switch source {
        case .roles: roles.addNames(of: granted, to: &claims)
        case .claim(let number):
            guard Self.add(number, to: &claims) else { return false }
        }
        guard claims.byteCount - valueStart <= Self.maximumValueLength else { return false }
        if claims.byteCount == valueStart {
            claims.cut(to: start)
        } else {
            claims.add("\r\n")
        }
        return true
    }

    private static func add(_ number: Int, to claims: inout HeldClaims) -> Bool {
        switch claims[number] {
        case .text(let text): return add(text, to: &claims)
        case .list(let list):
            var members: [Range<Int>] = []
            claims.forEachMember(list) { members.append($0) }
            for (index, member) in members.enumerated() {
                if index > 0 { claims.add(",") }
                guard !member.isEmpty, add(member, to: &claims) else { return false }
            }
        case .integer(let number): claims.add(String(number).utf8.span)
        case .boolean(let flag): claims.add(flag ? "true" : "false")
        }
        return true
    }

    /// Adds visible ASCII and inner spaces, without the two separators by which recipients cut
    /// values into lists and parameters: `x,admin` must never be read as two members.
    private static func add(_ text: Range<Int>, to claims: inout HeldClaims) -> Bool {
        guard !text.isEmpty else { return true }
        guard isSafe(text, claims) else { return false }
        claims.add(copyOf: text)
        return true
    }

    private static func isSafe(_ text: Range<Int>, _ claims: HeldClaims) -> Bool {
        text.count <= maximumValueLength && claims.isHeaderText(text)
    }
}

/// Headers, one after the other.
///
/// A chain, because going through an array counts a reference for each element.
final class IdentityHeaderLines: Sendable {
    private let first: IdentityHeader
    private let others: IdentityHeaderLines?

    /// Nil for none.
    init?(_ headers: [IdentityHeader]) {
        guard let first = headers.first else { return nil }
        self.first = first
        others = IdentityHeaderLines(Array(headers.dropFirst()))
    }

    /// - Returns: whether all values are safe.
    func write(to claims: inout HeldClaims, _ granted: RoleSet, of roles: RoleHierarchy) -> Bool {
        first.write(to: &claims, granted, of: roles)
            && others?.write(to: &claims, granted, of: roles) ?? true
    }
}

extension HeldClaims {
    /// Whether a text that is not empty means the same to every reader of a header.
    fileprivate func isHeaderText(_ range: Range<Int>) -> Bool {
        let text = bytes.span.extracting(range)
        return text[0] != UInt8(ascii: " ") && text[text.count - 1] != UInt8(ascii: " ")
            && text.isPrintableASCIIWithoutSeparators
    }
}
