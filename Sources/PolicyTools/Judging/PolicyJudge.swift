package import AccessPolicy
import StrictJSON

/// Asks a policy as the gateway does, in the same order and through the same functions, for somebody
/// whose token has been verified.
package struct PolicyJudge {
    let policy: PolicySet

    package init(_ policy: PolicySet) { self.policy = policy }

    package func judge(_ question: PolicyQuestion) -> Verdict { examine(question).verdict }

    /// The verdict with all that it comes from.
    package func examine(_ question: PolicyQuestion) -> Examination {
        let host = Array((question.host ?? policy.usualHost).lowercased().utf8)
        guard policy.acceptsHost(host.span) else {
            return refused("unknown_host", 421, "the policy is not about this host")
        }
        let target = Array(question.target.utf8)
        let pathEnd = target.firstIndex(of: UInt8(ascii: "?")) ?? target.count
        let query = min(pathEnd + 1, target.count)..<target.count
        let path: CanonicalPath
        do throws(TargetRejection) {
            path = try CanonicalPath(
                parsing: target.span.extracting(0..<pathEnd), relaxations: policy.relaxations)
        } catch {
            return refused("bad_target", 400, error.detail, rejection: error)
        }
        var examination = Examination(path: path)
        examination.candidates = [.asSent, .folded].map { view in
            policy.candidates(for: question.method, host: host.span, path: path, in: view)
        }
        do throws(TargetRejection) {
            examination.selection = try policy.select(
                question.method, host: host.span, path: path)
        } catch {
            examination.rejection = error
            examination.verdict = .refused("bad_target", 400, error.detail)
            return examination
        }
        judge(question, query: target.span.extracting(query), &examination)
        return examination
    }

    private func judge(
        _ question: PolicyQuestion, query: Span<UInt8>, _ examination: inout Examination
    ) {
        guard let selection = examination.selection, let path = examination.path else { return }
        var verdict = Verdict(selection)
        defer { examination.verdict = verdict }
        if let person = question.person, selection.auth != .public {
            do throws(PrincipalRejection) {
                verdict.principal = try principal(person)
            } catch {
                verdict.refusal = .init(code: error.code, status: 401, detail: error.detail)
                return
            }
        }
        let facts = RequestFacts(
            method: question.method, clientAddress: question.address, now: question.now)
        examination.leaves = policy.trace(
            selection, path: path, query: query, facts: facts, principal: verdict.principal)
        let decision = policy.decide(
            selection, path: path, query: query, facts: facts, principal: verdict.principal)
        if case .deny(let denial) = decision {
            verdict.refusal = .init(
                code: denial.code, status: denial.status, detail: denial.rule?.message,
                isHidden: denial.isHidden)
        } else if let route = selection.route, !route.isForHandshakes(of: question.method) {
            verdict.refusal = .init(
                code: "upgrade_not_allowed", status: 403,
                detail: "the route is not for WebSocket handshakes")
        } else {
            verdict.upstreamHeaders = verdict.principal?.headerLines ?? []
        }
    }

    private func principal(_ person: PolicyPerson) throws(PrincipalRejection) -> Principal {
        switch person.source {
        case .claims(let claims):
            try policy.principal(
                issuerName: person.issuerName ?? policy.issuers.first?.name ?? "", claims: claims)
        case .roles(let roles): policy.somebody(named: person.name, roles: roles)
        }
    }

    private func refused(
        _ code: String, _ status: Int, _ detail: String, rejection: TargetRejection? = nil
    ) -> Examination {
        var examination = Examination(path: nil)
        examination.verdict = .refused(code, status, detail)
        examination.rejection = rejection
        return examination
    }
}

extension Route {
    /// A handshake needs a route that names WEBSOCKET, whatever other route is selected for it.
    func isForHandshakes(of method: Method) -> Bool {
        method != .webSocket || namedMethods.contains(.webSocket)
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
