import StrictJSON

/// The header lines that tell the upstream who asks.
package enum IdentityHeaders: Sendable, Equatable {
    /// Zero or more complete lines, `Name: value` and CRLF each, in the order of the policy.
    case bytes([UInt8])
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
    /// The name, colon and space.
    private let lineStart: [UInt8]

    init(name: String, source: Source) {
        self.name = name
        self.source = source
        lineStart = Array("\(name): ".utf8)
    }

    /// Appends the line, or nothing where there is no value.
    ///
    /// - Returns: whether the value is safe; if not, the block must not be used.
    func write(
        _ claims: HeldClaims, _ granted: RoleSet, of roles: RoleHierarchy,
        to block: inout [UInt8]
    ) -> Bool {
        let start = block.count
        let lineStart = lineStart
        block.append(copying: lineStart.span)
        let valueStart = block.count
        switch source {
        case .roles: roles.appendNames(of: granted, to: &block)
        case .claim(let number):
            guard Self.append(number, of: claims, to: &block) else { return false }
        }
        guard block.count - valueStart <= Self.maximumValueLength else { return false }
        if block.count == valueStart {
            block.removeSubrange(start...)
        } else {
            block.append(UInt8(ascii: "\r"))
            block.append(UInt8(ascii: "\n"))
        }
        return true
    }

    private static func append(
        _ number: Int, of claims: HeldClaims, to block: inout [UInt8]
    ) -> Bool {
        switch claims.values[number] {
        case .text(let text): return append(claims.bytes.span.extracting(text), to: &block)
        case .list(let members):
            for (index, member) in claims.members[members].enumerated() {
                if index > 0 { block.append(separator) }
                guard !member.isEmpty, append(claims.bytes.span.extracting(member), to: &block)
                else {
                    return false
                }
            }
        case .integer(let number): block += String(number).utf8
        case .boolean(let flag): block += (flag ? "true" : "false").utf8
        }
        return true
    }

    /// Appends visible ASCII and inner spaces, without the two separators by which recipients cut
    /// values into lists and parameters: `x,admin` must never be read as two members.
    private static func append(_ bytes: Span<UInt8>, to block: inout [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return true }
        guard bytes.count <= maximumValueLength, bytes[0] != UInt8(ascii: " "),
            bytes[bytes.count - 1] != UInt8(ascii: " ")
        else { return false }
        for index in bytes.indices {
            let byte = bytes[index]
            guard byte >= 0x20, byte <= 0x7E, byte != separator, byte != UInt8(ascii: ";") else {
                return false
            }
        }
        block.append(copying: bytes)
        return true
    }

    private static let separator = UInt8(ascii: ",")
}
