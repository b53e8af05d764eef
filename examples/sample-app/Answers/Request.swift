/// What the app needs to know of one request; made by the server, free of NIO's types.
package struct Request: Sendable {
    /// `GET`, `HEAD` or `POST`; anything else is answered with 405.
    package var method: String
    package var path: String
    /// What follows the question mark, still encoded.
    package var query: Substring = ""
    /// Who the gateway in front says is signed in.
    package var user: String?
    package var roles: [String] = []
    package var contentType: String?
    package var acceptsHTML = false
    package var body: [UInt8] = []

    package init(method: String, target: String) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        if parts.count == 2 { query = parts[1] }
    }
}
