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
        switch refused.reason {
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
        problems(besides: refused)
            + [.next("use the token exactly as the issuer gave it; mend the issuer if it came so")]
    }

    /// What an inspection finds, without what the refusal has said already.
    func problems(besides refused: TokenTrust.Refused) -> [Row] {
        let code = "\(refused.code): "
        let places = inspection.problems.compactMap { problem -> String? in
            let place = problem.replacing(code, with: "").replacing(refused.detail, with: "")
            return place.isEmpty ? nil : place.hasSuffix(": ") ? String(place.dropLast(2)) : place
        }
        return places.prefix(3).map { .where(Printable.text($0)) }
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
