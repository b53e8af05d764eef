/// One block of textual encoding (RFC 7468), read strictly: one block, nothing but white space
/// around it, standard base64 with canonical padding.
struct PEM {
    let label: String
    let der: [UInt8]

    /// - Parameters:
    ///   - text: the block.
    ///   - preface: the label of a block that may precede it and is not looked at.
    /// - Throws: `KeyError.notPEM`; `.encryptedKey` for the header fields of RFC 1421.
    init(parsing text: Span<UInt8>, after preface: String? = nil) throws(KeyError) {
        // Far above any key or certificate: the largest RSA key with its private half is 7 KiB.
        guard text.count <= 64 * 1024 else { throw .notPEM }
        var lines = TextLines(text)
        var block = try PEM(nextIn: &lines)
        if block.label == preface { block = try PEM(nextIn: &lines) }
        guard lines.next() == nil else { throw .notPEM }
        self = block
    }

    private init(nextIn lines: inout TextLines) throws(KeyError) {
        guard let first = lines.next(), let label = Self.label(of: first, marker: "BEGIN") else {
            throw .notPEM
        }
        var base64: [UInt8] = []
        while let line = lines.next() {
            if let end = Self.label(of: line, marker: "END") {
                guard end == label else { throw .notPEM }
                guard let der = decodeBase64(base64) else { throw .notPEM }
                self.label = label
                self.der = der
                return
            }
            guard !line.contains(UInt8(ascii: ":")) else { throw .encryptedKey }
            base64 += line
        }
        throw .notPEM
    }

    /// The block with lines of 64 characters and a final line feed.
    static func text(label: String, der: [UInt8]) -> String {
        var text = "-----BEGIN \(label)-----\n"
        var column = 0
        for byte in encodeBase64(der) {
            text.unicodeScalars.append(Unicode.Scalar(byte))
            column += 1
            if column == 64 {
                text += "\n"
                column = 0
            }
        }
        return text + (column > 0 ? "\n" : "") + "-----END \(label)-----\n"
    }

    private static func label(of line: [UInt8], marker: String) -> String? {
        let prefix = Array("-----\(marker) ".utf8)
        let suffix = Array("-----".utf8)
        guard line.count > prefix.count + suffix.count, line.starts(with: prefix),
            line.suffix(suffix.count).elementsEqual(suffix)
        else { return nil }
        return String(decoding: line[prefix.count..<(line.count - suffix.count)], as: UTF8.self)
    }
}

/// The lines of a text without their ends and outer white space; empty lines are left out.
private struct TextLines {
    private var lines: ArraySlice<ArraySlice<UInt8>>

    init(_ text: Span<UInt8>) {
        let bytes = text.indices.map { text[$0] }
        lines = bytes.split { $0 == 0x0A || $0 == 0x0D }[...]
    }

    mutating func next() -> [UInt8]? {
        while let line = lines.popFirst() {
            let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
            let trimmed = line.drop(while: isBlank)
            guard let end = trimmed.lastIndex(where: { !isBlank($0) }) else { continue }
            return Array(trimmed[...end])
        }
        return nil
    }
}

private let base64Alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

private func encodeBase64(_ bytes: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
        for digit in 0..<4 {
            let isPadding = digit > group.count
            let value = Int(bits >> UInt32(18 - 6 * digit)) & 63
            output.append(isPadding ? UInt8(ascii: "=") : base64Alphabet[value])
        }
    }
    return output
}

private func decodeBase64(_ text: [UInt8]) -> [UInt8]? {
    guard text.count.isMultiple(of: 4) else { return nil }
    let digits = text.prefix { $0 != UInt8(ascii: "=") }
    guard text.count - digits.count <= 2 else { return nil }
    var output: [UInt8] = []
    var buffer: UInt32 = 0
    var bits: UInt32 = 0
    for digit in digits {
        guard let value = base64Alphabet.firstIndex(of: digit) else { return nil }
        buffer = buffer << 6 | UInt32(value)
        bits += 6
        if bits >= 8 {
            bits -= 8
            output.append(UInt8(truncatingIfNeeded: buffer >> bits))
            buffer &= (1 << bits) - 1
        }
    }
    // What follows the padding's start must be padding, and the spare bits zero.
    let isCanonical = buffer == 0 && text[digits.count...].allSatisfy { $0 == UInt8(ascii: "=") }
    return isCanonical ? output : nil
}
