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
    func write(_ value: ClaimValue, to block: inout [UInt8]) -> Bool {
        writeLine(to: &block) { block in
            switch value {
            case .text(let text): return Self.append(text, to: &block)
            case .list(let members):
                for index in members.indices {
                    if index > 0 { block.append(UInt8(ascii: ",")) }
                    guard !members[index].string.isEmpty, Self.append(members[index], to: &block)
                    else { return false }
                }
            case .integer(let number): block += String(number).utf8
            case .boolean(let flag): block += (flag ? "true" : "false").utf8
            }
            return true
        }
    }

    /// The same for a set of roles, whose names are safe by the rule for them.
    func write(_ set: RoleSet, of roles: RoleHierarchy, to block: inout [UInt8]) -> Bool {
        writeLine(to: &block) { block in
            var isFirst = true
            for number in roles.names.indices where set.contains(number) {
                if !isFirst { block.append(UInt8(ascii: ",")) }
                block += roles.names[number].utf8
                isFirst = false
            }
            return true
        }
    }

    private func writeLine(
        to block: inout [UInt8], _ writeValue: (inout [UInt8]) -> Bool
    ) -> Bool {
        let start = block.count
        block += lineStart
        let valueStart = block.count
        guard writeValue(&block), block.count - valueStart <= Self.maximumValueLength else {
            return false
        }
        if block.count == valueStart {
            block.removeSubrange(start...)
        } else {
            block.append(UInt8(ascii: "\r"))
            block.append(UInt8(ascii: "\n"))
        }
        return true
    }

    /// Appends visible ASCII and inner spaces, without the two separators by which recipients cut
    /// values into lists and parameters: `x,admin` must never be read as two members.
    private static func append(_ text: ExactText, to block: inout [UInt8]) -> Bool {
        let bytes = text.string.utf8.span
        guard !bytes.isEmpty else { return true }
        guard bytes.count <= maximumValueLength, bytes[0] != UInt8(ascii: " "),
            bytes[bytes.count - 1] != UInt8(ascii: " ")
        else { return false }
        for index in bytes.indices {
            let byte = bytes[index]
            guard (0x20...0x7E).contains(byte), byte != UInt8(ascii: ","),
                byte != UInt8(ascii: ";")
            else { return false }
        }
        block += text.string.utf8
        return true
    }
}
