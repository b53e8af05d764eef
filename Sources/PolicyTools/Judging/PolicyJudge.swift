package import AccessPolicy
import StrictJSON

/// Asks a policy as the gateway does, in the same order and through the same functions, for somebody
/// whose token has been verified.
package struct PolicyJudge {
    private let policy: PolicySet

    package init(_ policy: PolicySet) { self.policy = policy }

    package func judge(_ question: PolicyQuestion) -> Verdict {
        let host = Array((question.host ?? policy.usualHost).lowercased().utf8)
        guard policy.acceptsHost(host.span) else {
            return refused("unknown_host", 421, "the policy is not about this host")
        }
        let target = Array(question.target.utf8)
        let pathEnd = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
        let path: CanonicalPath
        do throws(TargetRejection) {
            path = try CanonicalPath(
                parsing: target.span.extracting(0..<pathEnd), relaxations: policy.relaxations)
        } catch {
            return refused("bad_target", 400, error.detail)
        }
        let selection: RouteSelection
        do throws(TargetRejection) {
            selection = try policy.select(question.method, host: host.span, path: path)
        } catch {
            return refused("bad_target", 400, error.detail)
        }
        let query = min(pathEnd + 1, target.count)..<target.count
        return judge(question, selection, path, query: target.span.extracting(query))
    }

    /// The routes whose pattern fits the path, most specific first; none for a path that is refused.
    package func candidates(_ question: PolicyQuestion) -> [RouteCandidate] {
        let host = Array((question.host ?? policy.usualHost).lowercased().utf8)
        let target = Array(question.target.utf8.prefix { $0 != UInt8(ascii: "?") })
        guard
            let path = try? CanonicalPath(parsing: target.span, relaxations: policy.relaxations)
        else { return [] }
        return policy.candidates(for: question.method, host: host.span, path: path, in: .asSent)
    }

    private func judge(
        _ question: PolicyQuestion, _ selection: RouteSelection, _ path: borrowing CanonicalPath,
        query: Span<UInt8>
    ) -> Verdict {
        let folded = selection.isOneView ? nil : selection.foldedRoute
        var principal: Principal?
        if let person = question.person, selection.auth != .public {
            do throws(PrincipalRejection) {
                principal = try policy.principal(
                    issuerName: person.issuerName ?? policy.issuers.first?.name ?? "",
                    claims: person.claims)
            } catch {
                return Verdict(
                    refusal: .init(code: "token_claim", status: 401, detail: error.detail),
                    route: selection.route, foldedRoute: folded, principal: nil,
                    upstreamHeaders: [])
            }
        }
        let facts = RequestFacts(
            method: question.method, clientAddress: question.address, now: question.now)
        let decision = policy.decide(
            selection, path: path, query: query, facts: facts, principal: principal)
        switch decision {
        case .allow:
            return Verdict(
                refusal: nil, route: selection.route, foldedRoute: folded, principal: principal,
                upstreamHeaders: principal?.headerLines ?? [])
        case .deny(let denial):
            return Verdict(
                refusal: .init(
                    code: denial.code, status: denial.status, detail: denial.rule?.message),
                route: selection.route, foldedRoute: folded, principal: principal,
                upstreamHeaders: [])
        }
    }

    private func refused(_ code: String, _ status: Int, _ detail: String) -> Verdict {
        Verdict(
            refusal: .init(code: code, status: status, detail: detail), route: nil,
            foldedRoute: nil, principal: nil, upstreamHeaders: [])
    }
}

extension Principal {
    /// The headers that tell the app who asks.
    fileprivate var headerLines: [(name: String, value: String)] {
        guard case .bytes(let bytes) = identityHeaders else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map { line in
            let name = line.prefix { $0 != ":" }
            return (String(name), String(line.dropFirst(name.count + 2)))
        }
    }
}
