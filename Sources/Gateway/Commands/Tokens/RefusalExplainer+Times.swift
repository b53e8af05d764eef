import StrictJSON
import StrictYAML
import TokenVerification

/// What is wrong with the times.
extension RefusalExplainer {
    func timeRows(_ claims: [String], next: String) -> [Row] {
        let late = claims.filter { isOutside($0) }
        return late.flatMap { claim -> [Row] in
            [.where("payload, `\(claim)`"), .found(time(claim))]
        } + leewayRow + [.next(next)]
    }

    var lifetimeRows: [Row] {
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
}
