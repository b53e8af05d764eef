import Foundation

/// What a key server sends to those who ask for a path.
package struct KeyServerAnswer: Sendable {
    package var status = 200
    package var headers: [(name: String, value: String)] = [
        ("Content-Type", "application/json")
    ]
    package var body: [UInt8] = []
    /// So many blanks follow the body.
    package var padding = 0
    /// Whether body and padding are sent in gzip's form.
    package var isPacked = false
    package var announcesLength = true
    /// Before the first byte.
    package var delay = Duration.zero
    /// So many bytes at once, with `pause` before each piece; nil: all at once.
    package var piece: Int?
    package var pause = Duration.zero
    /// The connection is closed after so many bytes of the body.
    package var cut: Int?

    package init(_ body: String = "") {
        self.body = Array(body.utf8)
    }

    /// The body as text.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// A good set of these keys.
    package static func keySet(_ keys: [TestKey]) -> KeyServerAnswer {
        KeyServerAnswer("{\"keys\":[\(keys.map(\.publicJWK).joined(separator: ","))]}")
    }

    package static func redirect(to location: String, status: Int = 302) -> KeyServerAnswer {
        var answer = KeyServerAnswer("moved")
        answer.status = status
        answer.headers = [("Location", location)]
        return answer
    }

    /// As the server's program reads it.
    var document: [String: Any] {
        var members: [String: Any] = [
            "status": status, "headers": headers.map { [$0.name, $0.value] },
            "body": Data(body).base64EncodedString(), "padding": padding,
            "gzip": isPacked, "length": announcesLength, "delay": delay / .seconds(1),
            "pause": pause / .seconds(1),
        ]
        if let piece { members["piece"] = piece }
        if let cut { members["cut"] = cut }
        return members
    }
}
