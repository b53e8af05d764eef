/// What the app says to one request.
package struct Answer: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)] = []
    package var body: Body

    package enum Body: Sendable {
        case bytes([UInt8])
        /// Made while it is sent, as fast as the client reads.
        case file(SimulatedFile)
        /// Events until the client leaves.
        case events(LiveFeed)
    }

    static func html(_ page: String, status: Int = 200) -> Answer {
        Answer(
            status: status,
            headers: [
                ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store"),
                ("Content-Security-Policy", contentSecurityPolicy),
            ], body: .bytes(Array(page.utf8)))
    }

    static func json(_ value: JSONText, status: Int = 200) -> Answer {
        Answer(
            status: status,
            headers: [("Content-Type", "application/json"), ("Cache-Control", "no-store")],
            body: .bytes(Array((value.text + "\n").utf8)))
    }

    static func asset(_ bytes: [UInt8], type: String) -> Answer {
        Answer(
            status: 200,
            headers: [("Content-Type", type), ("Cache-Control", "max-age=300")],
            body: .bytes(bytes))
    }

    /// An error in one shape: `{"error":{"code":…,"message":…}}`.
    package static func failure(
        _ status: Int, _ code: String, _ message: String, parameter: String? = nil
    ) -> Answer {
        var members = [("code", JSONText.string(code)), ("message", .string(message))]
        if let parameter { members.append(("parameter", .string(parameter))) }
        return .json(.object([("error", .object(members))]), status: status)
    }

    /// Everything comes from the app itself; nothing inline, nothing from elsewhere.
    private static let contentSecurityPolicy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
}
