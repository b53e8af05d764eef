import Cryptography
import StrictJSON
import TokenVerification

struct Row {
    let label: String
    let text: String

    static func `where`(_ text: String) -> Row { Row(label: "where", text: text) }
    static func found(_ text: String) -> Row { Row(label: "found", text: text) }
    static func accepted(_ text: String) -> Row { Row(label: "accepted", text: text) }
    static func next(_ text: String) -> Row { Row(label: "to do", text: text) }
}

struct RefusalExplainer {
    let token: TokenText
    let trust: TokenTrust
    let inspection: TokenInspection
    let fetchProblem: String?
    /// Whether the issuer's keys were fetched just now.
    let isFresh: Bool
    let now: Int64

    func rows(_ refused: TokenTrust.Refused) -> [Row] {
        // The verifier stops at the first check that fails, which may come before the one that sees
        // that the text is broken.
        guard token.payload != nil || refused.reason == .tooLarge else { return formRows(refused) }
        return switch refused.reason {
        case nil: claimsRows
        case .malformed, .header: formRows(refused)
        case .tooLarge: sizeRows
        case .algorithm: algorithmRows
        case .signature: signatureRows
        case .unknownKey: keyRows
        case .keysUnavailable: unavailableRows
        case .expired: timeRows(["exp"], next: "get a new token")
        case .notYetValid:
            timeRows(["nbf", "iat"], next: "compare the clocks of the issuer and of this machine")
        case .lifetime: lifetimeRows
        case .issuer: issuerRows
        case .audience: audienceRows
        case .type: typeRows
        case .claim: claimRows(refused)
        case .binding:
            [
                .where("payload, `cnf`"),
                .next("let the issuer give a token that is not bound to a key"),
            ]
        case .revoked: revokedRows
        }
    }

    private func formRows(_ refused: TokenTrust.Refused) -> [Row] {
        problems(besides: refused) + [.next(adviceForForm(refused))]
    }

    private func adviceForForm(_ refused: TokenTrust.Refused) -> String {
        let dots = token.bytes.count { $0 == UInt8(ascii: ".") }
        if dots == 0 { return "ask the issuer for an access token that is a JWT" }
        if dots == 4 { return "let the issuer sign the token without encrypting it" }
        if refused.reason == .header { return "let the issuer leave that out of the header" }
        return "use the token exactly as the issuer gave it; mend the issuer if it came so"
    }

    /// What an inspection finds, without what the refusal has said already.
    func problems(besides refused: TokenTrust.Refused) -> [Row] {
        let told = inspection.problems.compactMap { InspectedProblem($0, besides: refused) }
        var place: String?
        return told.prefix(3).flatMap { problem -> [Row] in
            defer { place = problem.place }
            let found = problem.found.map { [Row.found(Printable.text($0))] } ?? []
            return problem.place == place ? found : [.where(problem.place)] + found
        }
    }

    private var sizeRows: [Row] {
        [
            .where("the token"), .found("\(token.bytes.count) bytes"),
            .accepted("8192 bytes at most, and less in header and payload"),
            .next("let the issuer put fewer claims into it"),
        ]
    }

    /// The issuer that the token names.
    var issuer: TokenTrust.Issuer? {
        guard let name = token.payload?["iss"]?.string else { return nil }
        return trust.issuers.first { $0.rules.issuer.utf8.elementsEqual(name.utf8) }
    }

    /// What the policy calls the issuer, where there is a policy.
    func of(_ issuer: TokenTrust.Issuer) -> String {
        trust.policy == nil ? "" : " of the issuer `\(issuer.rules.name)`"
    }

    func namedKeys(_ issuer: TokenTrust.Issuer) -> [VerificationKey] {
        let keyID = token.header?["kid"]?.string
        return issuer.keys.keys.filter { $0.keyID == keyID }
    }

    func names(_ algorithms: [SignatureAlgorithm]) -> String {
        let names = SignatureAlgorithm.allCases.filter(algorithms.contains).map(\.rawValue)
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// A value of the token in one short line that is safe to show.
    func shown(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        let line = JSONPrinter.lines(value).map { $0.drop { $0 == " " } }.joined(separator: " ")
        return line.count <= 120 ? line : "\(line.prefix(119))…"
    }
}

/// A problem of an inspection, such as `payload: the text ends too early`, in its parts.
private struct InspectedProblem {
    let place: String
    /// Nil where the refusal has said it.
    let found: String?

    /// Nil for a problem of which nothing is left to tell.
    init?(_ problem: String, besides refused: TokenTrust.Refused) {
        guard let colon = problem.firstRange(of: ": ") else { return nil }
        let rest = problem[colon.upperBound...].replacing("\(refused.code): ", with: "")
        guard problem[..<colon.lowerBound] != refused.code else { return nil }
        place = String(problem[..<colon.lowerBound])
        found = rest == refused.detail ? nil : String(rest)
    }
}
