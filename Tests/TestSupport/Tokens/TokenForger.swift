import Cryptography

/// Assembles tokens from any bytes, signed or not.
package enum TokenForger {
    /// The header that a correct token of this key has.
    package static func header(_ key: TestKey) -> String {
        #"{"typ":"at+jwt","alg":"\#(key.algorithm.rawValue)","kid":"\#(key.keyID)"}"#
    }

    /// Signs any header and payload with a real key.
    package static func token(header: String, payload: String, signedBy key: TestKey) throws
        -> String
    {
        try token(header: Array(header.utf8), payload: Array(payload.utf8), signedBy: key)
    }

    /// Signs any bytes as header and payload with a real key.
    package static func token(header: [UInt8], payload: [UInt8], signedBy key: TestKey) throws
        -> String
    {
        try sign(base64URL(header) + "." + base64URL(payload), with: key)
    }

    /// Signs a signing input that is given as text already, however malformed it is.
    package static func sign(_ input: String, with key: TestKey) throws -> String {
        input + "." + base64URL(try key.sign(Array(input.utf8)))
    }

    /// Puts any signature under a header and a payload.
    package static func token(header: String, payload: String, signature: [UInt8]) -> String {
        [header, payload].map { base64URL($0.utf8) }.joined(separator: ".") + "."
            + base64URL(signature)
    }

    /// HMAC-SHA-256 (RFC 2104), with which an attacker signs by a key that is public.
    package static func hmacSHA256(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? SHA256.hash(key.span) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        let inner = SHA256.hash((block.map { $0 ^ 0x36 } + message).span)
        return SHA256.hash((block.map { $0 ^ 0x5C } + inner).span)
    }

    /// A raw r‖s signature as the DER sequence that other formats use.
    package static func der(_ raw: [UInt8]) -> [UInt8] {
        func integer(_ half: ArraySlice<UInt8>) -> [UInt8] {
            var bytes = Array(half.drop { $0 == 0 })
            if bytes.first.map({ $0 >= 0x80 }) ?? true { bytes.insert(0, at: 0) }
            return [0x02, UInt8(bytes.count)] + bytes
        }
        let content = integer(raw[..<32]) + integer(raw[32...])
        return [0x30, UInt8(content.count)] + content
    }
}
