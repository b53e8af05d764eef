import Cryptography
import StrictJSON
import StrictYAML
import TokenVerification

/// What is wrong with a token, where, and what to do, for a person to read: the reason code alone says
/// less on purpose.
struct RefusalExplanation {
    /// Lines such as `found     "https://id.test/"`.
    let lines: [String]

    init(
        _ verdict: TokenTrust.Verdict, _ refused: TokenTrust.Refused, _ token: TokenText,
        trust: TokenTrust, now: Int64
    ) {
        let explainer = RefusalExplainer(
            token: token, trust: trust, inspection: TokenInspection(token.bytes.span, now: now),
            fetchProblem: verdict.fetchProblem, isFresh: verdict.fetched != nil, now: now)
        lines = explainer.rows(refused).map { row in
            let padding = String(repeating: " ", count: max(0, 10 - row.label.count))
            return "\(row.label)\(padding)\(row.text)"
        }
    }
}

private struct Row {
    let label: String
    let text: String

    static func `where`(_ text: String) -> Row { Row(label: "where", text: text) }
    static func found(_ text: String) -> Row { Row(label: "found", text: text) }
    static func accepted(_ text: String) -> Row { Row(label: "accepted", text: text) }
    static func next(_ text: String) -> Row { Row(label: "to do", text: text) }
}

private struct RefusalExplainer {
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

    // MARK: - form

    private func formRows(_ refused: TokenTrust.Refused) -> [Row] {
        problems(besides: refused)
            + [.next("use the token exactly as the issuer gave it; mend the issuer if it came so")]
    }

    /// What an inspection finds, without what the refusal has said already.
    private func problems(besides refused: TokenTrust.Refused) -> [Row] {
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

    // MARK: - keys

    private var algorithmRows: [Row] {
        let name = token.header?["alg"]
        let algorithm = name?.string.flatMap(SignatureAlgorithm.init(joseName:))
        var rows: [Row] = [.where("header, `alg`"), .found(shown(name))]
        guard let issuer else { return rows }
        if let algorithm, issuer.rules.algorithms.contains(algorithm) {
            let keys = namedKeys(issuer).flatMap(\.algorithms)
            rows.append(
                .accepted("\(names(keys)) with the key \(shown(token.header?["kid"]))"))
            rows.append(.next("compare the token's `alg` and `kid` with the issuer's keys"))
        } else {
            rows.append(.accepted("\(names(Array(issuer.rules.algorithms)))\(of(issuer))"))
            rows.append(
                .next("let the issuer sign with one of these, or add it to `algorithms`"))
        }
        return rows
    }

    private var signatureRows: [Row] {
        guard let issuer else { return [] }
        let keyID = token.header?["kid"]
        let by = keyID.map { "the key \(shown($0))" } ?? "any key"
        return [
            .where("signature"),
            .found("it does not match header and payload under \(by)\(of(issuer))"),
            .next("the token was changed on the way, or another key has signed it"),
        ]
    }

    private var keyRows: [Row] {
        guard let issuer else { return [] }
        var rows: [Row] = [.where("header, `kid`"), .found(shown(token.header?["kid"]))]
        if token.header?["kid"] == nil, !issuer.rules.allowMissingKeyID {
            rows.append(.accepted("only tokens that name their key\(of(issuer))"))
            rows.append(.next("write `allow_missing_kid: true` for the issuer in the policy"))
            return rows
        }
        let known = issuer.keys.keys.map { $0.keyID.map { "`\(Printable.text($0))`" } ?? "(none)" }
        let list = known.isEmpty ? "no key at all" : known.prefix(8).joined(separator: ", ")
        let more = known.count > 8 ? " and \(known.count - 8) more" : ""
        rows.append(.accepted("\(list)\(more)\(of(issuer))"))
        rows.append(
            .next(
                isFresh
                    ? "get a new token: the issuer does not publish this key, or no longer"
                    : "bring the keys up to date, or ask whether the token is an old one"))
        return rows
    }

    private var unavailableRows: [Row] {
        let problem = fetchProblem.map { [Row.found(Printable.text($0))] } ?? []
        return [.where("the keys\(issuer.map(of) ?? "")")] + problem
            + [.next("the token may be good; try again when the issuer's server answers")]
    }

    private var revokedRows: [Row] {
        let keyID = token.header?["kid"]?.string
        let isDenied = trust.denied.contains { denied in
            if case .key(_, let denied) = denied { return denied == keyID }
            return false
        }
        guard isDenied, let issuer else {
            return [.where("payload"), .next("sign in again")]
        }
        return [
            .where("header, `kid`"), .found(shown(token.header?["kid"])),
            .accepted("any but `issuers.\(issuer.rules.name).denied_keys`"),
            .next("let the issuer sign with another key"),
        ]
    }

    // MARK: - times

    private func timeRows(_ claims: [String], next: String) -> [Row] {
        let late = claims.filter { isOutside($0) }
        return late.flatMap { claim -> [Row] in
            [.where("payload, `\(claim)`"), .found(time(claim))]
        } + leewayRow + [.next(next)]
    }

    private var lifetimeRows: [Row] {
        var rows: [Row] = [.where("payload, `iat` to `exp`")]
        if let issued = seconds("iat"), let expires = seconds("exp") {
            rows.append(.found("\(expires - issued) s, \(time("exp"))"))
        }
        if let issuer, let longest = issuer.rules.maxLifetime {
            rows.append(
                .accepted(
                    "`\(Quantity.describe(.seconds(longest)))` at most (`max_lifetime`)"
                        + of(issuer)))
        }
        return rows + [.next("let the issuer give shorter tokens, or raise `max_lifetime`")]
    }

    private var leewayRow: [Row] {
        guard let issuer else { return [] }
        return [.accepted("\(issuer.rules.leeway) s of difference (`leeway`)\(of(issuer))")]
    }

    private func isOutside(_ claim: String) -> Bool {
        guard let seconds = seconds(claim) else { return false }
        return claim == "exp" ? seconds <= now : seconds > now
    }

    private func seconds(_ claim: String) -> Int64? { token.payload?[claim]?.number?.floor }

    /// `2026-05-04 13:00:00 UTC, in 14 minutes`
    private func time(_ claim: String) -> String {
        let prefix = "\(claim): "
        let line = inspection.timeLines.first { $0.hasPrefix(prefix) }
        return line.map { String($0.dropFirst(prefix.count)) } ?? shown(token.payload?[claim])
    }

    // MARK: - claims

    private var issuerRows: [Row] {
        let known = trust.issuers.map(\.rules.issuer)
        let list = known.map { "`\(Printable.text($0))`" }.joined(separator: ", ")
        var rows: [Row] = [
            .where("payload, `iss`"), .found(shown(token.payload?["iss"])),
            .accepted("\(list), byte for byte"),
        ]
        if let text = token.payload?["iss"]?.string,
            let similar = known.first(where: { Self.isSimilar($0, text) })
        {
            rows.append(
                .next("mind the slash at the end and the case: `\(Printable.text(similar))`"))
        } else {
            rows.append(.next("use a token of an issuer that the policy names"))
        }
        return rows
    }

    private static func isSimilar(_ left: String, _ right: String) -> Bool {
        func plain(_ text: String) -> String {
            let lower = text.lowercased()
            return lower.hasSuffix("/") ? String(lower.dropLast()) : lower
        }
        return plain(left) == plain(right)
    }

    private var audienceRows: [Row] {
        guard let issuer else { return [] }
        let list = issuer.rules.audiences.map { "`\(Printable.text($0))`" }
            .joined(separator: ", ")
        let isList = issuer.rules.singleAudience && token.payload?["aud"]?.array != nil
        return [
            .where("payload, `aud`"), .found(shown(token.payload?["aud"])),
            .accepted("\(list)\(isList ? ", as a single text," : "")\(of(issuer))"),
            .next("ask the issuer for a token for this service"),
        ]
    }

    private var typeRows: [Row] {
        guard let issuer else { return [] }
        let purpose = ["token_use", "typ", "events"].first { token.payload?[$0] != nil }
        let types = issuer.rules.tokenTypes.map { "`\($0)`" }.joined(separator: ", ")
        var rows: [Row] = [.where("header, `typ`"), .found(shown(token.header?["typ"]))]
        if types.isEmpty {
            if let purpose {
                rows = [.where("payload, `\(purpose)`"), .found(shown(token.payload?[purpose]))]
            }
            rows.append(.accepted("access tokens only\(of(issuer))"))
        } else {
            rows.append(.accepted("\(types)\(of(issuer))"))
        }
        return rows + [.next("send the access token, not an ID token or a refresh token")]
    }

    private func claimRows(_ refused: TokenTrust.Refused) -> [Row] {
        guard let issuer else { return [] }
        let needed = ["iss", "sub", "aud", "exp"] + issuer.rules.requiredClaims
        let missing = needed.filter { token.payload?[$0] == nil }
        guard missing.isEmpty else {
            let list = missing.map { "`\($0)`" }.joined(separator: ", ")
            return [
                .where("payload"), .found("no \(list)"),
                .next("let the issuer put it in, or change `require` in the policy"),
            ]
        }
        return problems(besides: refused)
            + [.next("let the issuer write this claim as the registry of JWT claims has it")]
    }

    private var claimsRows: [Row] {
        [
            .where("payload"),
            .next("compare the token's claims with `claims` and `issuers` of the policy"),
        ]
    }

    // MARK: - helpers

    /// The issuer that the token names.
    private var issuer: TokenTrust.Issuer? {
        guard let name = token.payload?["iss"]?.string else { return nil }
        return trust.issuers.first { $0.rules.issuer.utf8.elementsEqual(name.utf8) }
    }

    /// What the policy calls the issuer, where there is a policy.
    private func of(_ issuer: TokenTrust.Issuer) -> String {
        trust.policy == nil ? "" : " of the issuer `\(issuer.rules.name)`"
    }

    private func namedKeys(_ issuer: TokenTrust.Issuer) -> [VerificationKey] {
        let keyID = token.header?["kid"]?.string
        return issuer.keys.keys.filter { $0.keyID == keyID }
    }

    private func names(_ algorithms: [SignatureAlgorithm]) -> String {
        let names = SignatureAlgorithm.allCases.filter(algorithms.contains).map(\.rawValue)
        return names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    /// A value of the token in one short line that is safe to show.
    private func shown(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        let line = JSONPrinter.lines(value).map { $0.drop { $0 == " " } }.joined(separator: " ")
        return line.count <= 120 ? line : "\(line.prefix(119))…"
    }
}
