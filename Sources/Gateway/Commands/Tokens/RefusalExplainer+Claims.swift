import StrictJSON
import TokenVerification

/// What is wrong with the other claims.
extension RefusalExplainer {
    var issuerRows: [Row] {
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

    var audienceRows: [Row] {
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

    var typeRows: [Row] {
        guard let issuer else { return [] }
        let purpose = ["token_use", "token_type", "typ", "events"].first {
            token.payload?[$0] != nil
        }
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

    func claimRows(_ refused: TokenTrust.Refused) -> [Row] {
        guard let issuer else { return [] }
        let needed = ["iss", "sub", "aud", "exp"] + issuer.rules.requiredClaims
        let missing = needed.filter { token.payload?[$0] == nil }
        guard missing.isEmpty else {
            let list = missing.map { "`\($0)`" }.joined(separator: ", ")
            return [
                .where("payload"), .found("no \(list)"),
                .next(
                    missing.contains(where: issuer.rules.requiredClaims.contains)
                        ? "let the issuer put it in, or change `require` in the policy"
                        : "let the issuer put it in: no token is accepted without"),
            ]
        }
        return problems(besides: refused)
            + [.next("let the issuer write this claim as the registry of JWT claims has it")]
    }

    var claimsRows: [Row] {
        [
            .where("payload"),
            .next("compare the token's claims with `claims` and `issuers` of the policy"),
        ]
    }
}
