import Cryptography
import StrictJSON
import TokenVerification

/// What is wrong with algorithm, key or signature.
extension RefusalExplainer {
    var algorithmRows: [Row] {
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
            rows.append(.next(adviceForAlgorithm(algorithm, issuer.rules.algorithms)))
        }
        return rows
    }

    /// Who is refused for `none`, or for a secret where there are key pairs, is not told to allow it: that
    /// is what forgers write.
    private func adviceForAlgorithm(
        _ algorithm: SignatureAlgorithm?, _ accepted: Set<SignatureAlgorithm>
    ) -> String {
        guard let algorithm else {
            return "do not trust this token: no policy can accept that algorithm"
        }
        let isOfSameKind = accepted.allSatisfy { $0.isSymmetric == algorithm.isSymmetric }
        guard isOfSameKind else {
            return "let the issuer sign with one of these; secrets and key pairs never go together"
        }
        return "let the issuer sign with one of these, or add it to `algorithms`"
    }

    var signatureRows: [Row] {
        guard let issuer else { return [] }
        if let rows = lengthRows(issuer) { return rows }
        let keyID = token.header?["kid"]
        let by = keyID.map { "the key \(shown($0))" } ?? "any key"
        return [
            .where("signature"),
            .found("it does not match header and payload under \(by)\(of(issuer))"),
            .next("the token was changed on the way, or another key has signed it"),
        ]
    }

    /// A signature of another length was cut, or written in another form: no key would accept it.
    private func lengthRows(_ issuer: TokenTrust.Issuer) -> [Row]? {
        guard let signature = token.signature,
            let algorithm = (token.header?["alg"]?.string)
                .flatMap(SignatureAlgorithm.init(joseName:))
        else { return nil }
        let keys = token.header?["kid"] == nil ? issuer.keys.keys : namedKeys(issuer)
        let counts =
            algorithm.signatureByteCount.map { [$0] }
            ?? keys.filter { $0.algorithms.contains(algorithm) }
            .compactMap(\.material.publicKey?.signatureByteCount)
        guard !counts.isEmpty, !counts.contains(signature.count) else { return nil }
        let list = Set(counts).sorted().map { "\($0)" }.joined(separator: " or ")
        let isDER = algorithm.isECDSA && signature.first == 0x30
        let form = isDER ? ", and seems to be in DER" : ""
        return [
            .where("signature"), .found("it has \(signature.count) bytes\(form)"),
            .accepted("\(list) bytes for \(algorithm.rawValue)\(of(issuer))"),
            .next(
                isDER
                    ? "let the issuer write the two bare numbers, as RFC 7518 § 3.4 has it"
                    : "use the whole token, exactly as the issuer gave it"),
        ]
    }

    var keyRows: [Row] {
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

    var unavailableRows: [Row] {
        let problem = fetchProblem.map { [Row.found(Printable.text($0))] } ?? []
        return [.where("the keys\(issuer.map(of) ?? "")")] + problem
            + [.next("the token may be good; see to the keys, or try again when they are there")]
    }

    var revokedRows: [Row] {
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
}
