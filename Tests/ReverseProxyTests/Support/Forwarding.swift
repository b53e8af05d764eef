import AccessPolicy
import Admission
import TestSupport

@testable import ReverseProxy

/// Takes a request's bytes the whole way to the bytes that would go upstream, without a socket.
struct Forwarding {
    let fixture: Fixture
    let gatekeeper: Gatekeeper
    private let names: FieldNameTable

    init(policy: String = attackPolicy) throws {
        fixture = try Fixture(policy: policy)
        gatekeeper = fixture.gatekeeper
        names = ReservedNames.requestTable(
            injected: fixture.policy.injectedHeaderNames.map { $0.lowercased() })
    }

    /// The upstream's request line and field lines; nil when the request is refused.
    func forward(_ text: String, forwarded: String = "") throws -> Forwarded? {
        let bytes = wireBytes(text)
        var parser = RequestHeadParser()
        guard
            case .head(let head) = parser.parse(bytes.span, names: names, limits: usualLimits),
            let request = try? CanonicalRequest(
                bytes.span, head.parts, defaultAuthority: wireBytes("127.0.0.1:8050"),
                recycling: CanonicalRequest.Storage())
        else { return nil }
        switch gatekeeper.admit(
            request,
            Arrival(client: IPAddress("192.0.2.1"), now: Int64(unixTime()), milliseconds: 0))
        {
        case .preflight:
            return nil
        case .refused:
            return nil
        case .needs:
            return nil
        case .admitted(let permit):
            var writer = ByteWriter()
            RequestHeadWriter.write(
                permit, lines: parser.fields.lines, of: bytes.span, framing: head.framing,
                forwarded: wireBytes(forwarded), assertion: [], into: &writer)
            return Forwarded(latin1(writer.bytes))
        }
    }

    /// A request with a token for `/api/x` and these field lines.
    func forward(fields: [String], token: String, target: String = "/api/x") throws -> Forwarded? {
        let lines = ["Host: app.test", "Authorization: Bearer \(token)"] + fields
        return try forward(
            "POST \(target) HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n")
    }

    /// A request for a public path with these field lines.
    func forwardPublic(_ fields: String...) throws -> Forwarded? {
        let lines = ["Host: app.test"] + fields
        return try forward(
            "GET /public/a HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n")
    }
}

/// A head as it goes upstream.
struct Forwarded: Equatable {
    let text: String
    let requestLine: String
    let lines: [String]

    init(_ text: String) {
        self.text = text
        let lines = text.components(separatedByCRLF: ())
        requestLine = lines.first ?? ""
        self.lines = Array(lines.dropFirst().dropLast(2))
    }

    /// The values that a back end sees which folds names.
    func values(folded name: String) -> [String] {
        lines.compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Self.fold(parts[0]) == Self.fold(name[...]) else { return nil }
            return String(parts[1].drop { $0 == " " })
        }
    }

    private static func fold(_ name: Substring) -> String {
        String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }
}

extension String {
    /// The parts between CR LF, which Swift takes for one character.
    fileprivate func components(separatedByCRLF: Void) -> [String] {
        split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    }
}
