import TestSupport
import Testing

/// One concrete variant of an attack row: the raw request, and a label for the test's report.
struct Attack: Sendable, CustomTestStringConvertible {
    let label: String
    /// One character per byte; `{A}`, `{R}`, `{E}`, `{W}` and `{N}` stand for the fixture's tokens.
    let template: String

    var testDescription: String { label }

    /// The bytes to send, with the tokens filled in.
    var request: String {
        var text = template
        for (name, token) in Attack.tokens where text.contains(name) {
            text = text.split(separator: name, omittingEmptySubsequences: false)
                .joined(separator: token)
        }
        return text
    }

    /// A request for the attack fixture's host.
    init(
        _ target: String, method: String = "GET", token: String? = nil, fields: [String] = [],
        body: String = "", label: String? = nil
    ) {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: app.test"]
        if let token { lines.append("Authorization: Bearer {\(token)}") }
        lines += fields
        let name = label ?? ([target] + fields).joined(separator: " + ")
        self.init(label: name, raw: lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Any bytes.
    init(label: String, raw: String) {
        self.label = label.count > 90 ? "\(label.prefix(90))…" : label
        template = raw
    }

    private static let tokens: [String: String] = {
        let issuer = TestIssuer.shared
        let none = "a-token-that-could-not-be-made"
        return [
            "{A}": (try? issuer.alice()) ?? none, "{R}": (try? issuer.root()) ?? none,
            "{E}": (try? issuer.expired()) ?? none, "{W}": (try? issuer.wrongAudience()) ?? none,
            "{N}": issuer.unsigned(),
        ]
    }()
}
