import StrictJSON

/// What a server sends in place of JSON, as far as its first bytes tell.
enum UnexpectedAnswer {
    /// For a sentence such as "it answered HTML", and what may be the matter; nil for what may be JSON.
    static func description(of document: [UInt8]) -> (what: String, hint: String)? {
        let text = document.drop { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
        guard let first = text.first else {
            return ("nothing, with status 200", "ask whoever runs it")
        }
        if document.starts(with: [0x1F, 0x8B]) {
            return (
                "what is packed (gzip)", "nothing is unpacked: let it answer as it is asked to"
            )
        }
        if text.starts(with: "-----BEGIN".utf8) {
            return ("PEM", "only JWK sets are fetched; write it into a file for `keys`")
        }
        if first == UInt8(ascii: "<") {
            let start = String(decoding: text.prefix(256), as: UTF8.self).lowercased()
            let isPage = start.hasPrefix("<!doctype html") || start.contains("<html")
            return (
                isPage ? "HTML" : "what looks like XML",
                "check the path: a page for people, of a sign-in or of a proxy, is in its place"
            )
        }
        let begins = UInt8(ascii: "{")
        guard first == begins || first == UInt8(ascii: "[") else {
            return ("what is not JSON", "check the path")
        }
        return nil
    }
}
