import Foundation

/// Texts that must occur nowhere, in any of the forms in which they could slip out.
package struct Secrets: Sendable {
    private var forms: [(label: String, text: String)] = []

    package init() {}

    /// How many texts are looked for.
    package var count: Int { forms.count }

    /// Adds a secret as it is and in base64, base64url, hexadecimal and percent-encoding.
    ///
    /// Anything shorter than 8 bytes could occur by chance, and is left out.
    package mutating func add(_ label: String, _ bytes: some Sequence<UInt8>) {
        let secret = Array(bytes)
        guard secret.count >= 8 else { return }
        if let text = String(validating: secret, as: UTF8.self) { forms.append((label, text)) }
        let digits = secret.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        forms.append(("\(label) in hexadecimal", digits.joined()))
        forms.append(("\(label) in hexadecimal", digits.joined().uppercased()))
        forms.append(("\(label) percent-encoded", digits.map { "%" + $0 }.joined()))
        forms.append(
            (
                "\(label) percent-encoded", digits.map { "%" + $0.uppercased() }.joined()
            ))
        for start in 0..<3 {
            // What base64 makes of it wherever it begins in a longer text: the characters that
            // depend on no other byte.
            let rest = secret.dropFirst(start)
            let whole = Array(rest.prefix(rest.count / 3 * 3))
            guard whole.count >= 6 else { continue }
            forms.append(("\(label) in base64", Data(whole).base64EncodedString()))
            forms.append(("\(label) in base64url", base64URL(whole)))
        }
    }

    package mutating func add(_ label: String, _ text: String) { add(label, text.utf8) }

    /// Adds a token, and each of its parts that is long enough to be worth stealing.
    package mutating func add(token: String, _ label: String) {
        add(label, token)
        let parts = token.split { ".=&_".contains($0) }
        for part in parts where part.utf8.count >= 16 {
            forms.append(("a part of \(label)", String(part)))
        }
    }

    package mutating func add(_ tokens: TokenPair, _ label: String) {
        add(token: tokens.access, "\(label)'s access token")
        add(token: tokens.refresh, "\(label)'s refresh token")
    }

    /// The labels of what occurs in the text; never the secrets.
    package func found(in text: String) -> [String] {
        // Texts of some hundred kilobytes: bytes are found much faster than characters.
        let haystack = Data(text.utf8)
        return forms.filter { haystack.range(of: Data($0.text.utf8)) != nil }.map(\.label)
    }
}
