/// The header lines that tell the upstream who asks.
package enum IdentityHeaders: Sendable, Equatable {
    /// Zero or more complete lines, `Name: value` and CRLF each, in the order of the policy.
    case bytes([UInt8])
    /// A value cannot be a header value without changing its meaning for some reader. No request that
    /// would carry it is forwarded.
    case unsafe
}

/// One entry of `defaults.identity.headers`.
struct IdentityHeader: Sendable {
    enum Source: Sendable, Equatable {
        case roles
        /// A number of a claim of the ``IdentityModel``.
        case claim(Int)
    }

    /// A header value longer than this many bytes is refused.
    static let maximumValueLength = 4096

    let name: String
    let source: Source

    /// Appends the line, or nothing where there is no value.
    ///
    /// - Returns: whether the value is safe.
    func write(_ value: ClaimValue, to block: inout [UInt8]) -> Bool {
        let text: [UInt8]
        switch value {
        case .text(let bytes):
            guard Self.isSafe(bytes) else { return false }
            text = bytes
        case .list(let members):
            guard members.allSatisfy({ !$0.isEmpty && Self.isSafe($0) }) else { return false }
            text = Array(members.joined(separator: [UInt8(ascii: ",")]))
        case .integer(let number): text = Array(String(number).utf8)
        case .boolean(let flag): text = Array((flag ? "true" : "false").utf8)
        }
        guard text.count <= Self.maximumValueLength else { return false }
        guard !text.isEmpty else { return true }
        block += name.utf8
        block += ": ".utf8
        block += text
        block += "\r\n".utf8
        return true
    }

    /// Visible ASCII and inner spaces, without the two separators by which recipients cut values into
    /// lists and parameters: `x,admin` must never be read as two members.
    private static func isSafe(_ bytes: [UInt8]) -> Bool {
        guard bytes.first != UInt8(ascii: " "), bytes.last != UInt8(ascii: " ") else {
            return false
        }
        return bytes.allSatisfy { byte in
            (0x20...0x7E).contains(byte) && byte != UInt8(ascii: ",") && byte != UInt8(ascii: ";")
        }
    }
}
