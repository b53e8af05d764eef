package import AccessPolicy
import StrictJSON

/// Why a policy answers a request as it does, as a table for people.
package struct PolicyExplanation {
    private let policy: PolicySet
    private let question: PolicyQuestion
    private let examination: Examination

    package init(_ policy: PolicySet, _ question: PolicyQuestion) {
        self.policy = policy
        self.question = question
        examination = PolicyJudge(policy).examine(question)
    }

    package var isAllowed: Bool { examination.verdict.isAllowed }

    /// Lines for a terminal.
    package var lines: [String] {
        var blocks = [head, routes]
        if examination.selection != nil { blocks += [who, denials, conditions] }
        blocks += [outcome, ExplanationAdvice(policy, question, examination).lines]
        return Array(blocks.filter { !$0.isEmpty }.joined(separator: [""]))
    }

    // MARK: The request

    private var head: [String] {
        let name = question.person?.name ?? "anonymous"
        var rows = [["request", "\(question.method.name) \(question.target) by \(name)"]]
        if !policy.hostTexts.isEmpty || question.host != nil {
            rows.append(["host", question.host ?? "\(policy.usualHost) (none was given)"])
        }
        if let path = examination.path {
            let isSame = path.description == question.target.prefix { $0 != "?" }
            rows.append(["path", path.description + (isSame ? "" : " (what the app is sent)")])
            if !path.isFolded {
                let folded = String(decoding: path.foldedBytes, as: UTF8.self)
                rows.append(["folded", "\(folded) (what a lenient app could take it for)"])
            } else if examination.selection?.isOneView == false {
                let folded = path.description.lowercased()
                rows.append(["folded", "\(folded) (what an app that ignores case takes it for)"])
            }
        }
        if let address = question.address { rows.append(["client.ip", address.description]) }
        rows.append(["time", Timestamp.text(question.now)])
        return TextColumns.lines(rows.map { $0.map(TerminalText.plain) })
    }

    // MARK: Routes

    private var routes: [String] {
        guard let sent = examination.candidates.first else { return [] }
        var lines = table(sent, winner: examination.selection?.route, "routes for this path")
        if examination.candidates.count > 1, let selection = examination.selection,
            !selection.isOneView
        {
            lines += table(
                examination.candidates[1], winner: selection.foldedRoute,
                "routes for the folded path, which must allow it, too")
        }
        return lines
    }

    private func table(
        _ candidates: [RouteCandidate], winner: Route?, _ title: String
    ) -> [String] {
        guard !candidates.isEmpty else { return ["\(title): none"] }
        let selectable = candidates.filter(\.isSelectable)
        let rows = candidates.map { candidate in
            let route = candidate.route
            let names = route.hostTexts.joined(separator: ", ")
            let hosts = names.isEmpty ? [] : ["on \(names)"]
            return [
                route === winner ? "->" : "", route.id,
                ([route.matchText] + hosts).joined(separator: " "), "auth: \(route.auth.rawValue)",
                note(candidate, winner: winner, selectable),
            ]
        }
        return ["\(title), most specific first:"] + TextColumns.lines(rows, indent: "  ")
    }

    private func note(
        _ candidate: RouteCandidate, winner: Route?, _ selectable: [RouteCandidate]
    ) -> String {
        let route = candidate.route
        if candidate.hasOtherHost { return "another host" }
        if candidate.hasOtherMethod { return "not for \(question.method.name)" }
        guard let winner else { return "" }
        guard route === winner else { return "less specific" }
        guard let next = selectable.first(where: { $0.route !== route }) else {
            return "the only one that fits"
        }
        return "wins: " + route.advantage(over: next.route, for: question.method)
    }

    // MARK: Who asks, and conditions

    private var who: [String] {
        guard examination.selection?.auth != .public else {
            return ["who asks: does not matter, the route is public"]
        }
        guard let principal = examination.verdict.principal else {
            return [
                question.person == nil
                    ? "who asks: somebody without a token"
                    : "who asks: somebody whose token is refused"
            ]
        }
        let subject = String(decoding: principal.subject, as: UTF8.self)
        let roles = principal.roleNames.joined(separator: ", ")
        return [
            TerminalText.plain(
                "who asks: subject \"\(subject)\", roles: \(roles.isEmpty ? "none" : roles)")
        ]
    }

    private var denials: [String] {
        let leaves = examination.leaves.filter { if case .deny = $0.rule { true } else { false } }
        guard !leaves.isEmpty else { return [] }
        return ["deny (a rule that holds refuses whatever a route allows):"]
            + TextColumns.lines(
                leaves.map { leaf in
                    guard case .deny(let id) = leaf.rule else { return [] }
                    return row(leaf, ["deny.\(id)"])
                }, indent: "  ")
    }

    private var conditions: [String] {
        var lines: [String] = []
        var seen: [LeafTrace] = []
        for leaf in examination.leaves {
            guard case .allow(let id) = leaf.rule else { continue }
            if seen.last?.rule != leaf.rule || seen.last?.view != leaf.view {
                let leaves = examination.leaves.filter {
                    $0.rule == leaf.rule && $0.view == leaf.view
                }
                let view = leaf.view == .folded ? ", with the folded path" : ""
                let text = policy.routes.first { $0.id == id }?.conditionText ?? ""
                lines.append("allow of \(id)\(view): \(text)")
                lines += TextColumns.lines(leaves.map { row($0, []) }, indent: "  ")
            }
            seen.append(leaf)
        }
        return lines + closedRoutes
    }

    /// Routes that were selected and have no condition to show.
    private var closedRoutes: [String] {
        guard let selection = examination.selection else { return [] }
        let folded = selection.isOneView ? nil : selection.foldedRoute
        return [selection.route, folded].compactMap { route in
            guard let route, route.auth != .public, route.conditionText == nil else { return nil }
            return "allow of \(route.id): none, so it lets nobody in"
        }
    }

    /// The signed assertion, as far as it says who asks.
    private func assertion(_ principal: Principal?) -> String? {
        guard let rule = policy.assertion, let principal else { return nil }
        let claims = JSONWriter.write(.object(principal.assertionClaims))
        let bound = rule.bindings.map { ", bound to the \($0.rawValue)" }.joined()
        let text = String(decoding: claims, as: UTF8.self)
        return TerminalText.plain("\(rule.header): signed\(bound): \(text)")
    }

    private func row(_ leaf: LeafTrace, _ front: [String]) -> [String] {
        let mark = leaf.holds ? "yes" : "no"
        return front
            + [
                leaf.isAsked ? mark : "(\(mark))", TerminalText.plain(leaf.words),
                TerminalText.plain(leaf.compared),
            ]
    }

    // MARK: The outcome

    private func reason(_ refusal: Verdict.Refused) -> String? {
        if refusal.code == "condition_false", !closedRoutes.isEmpty {
            return "the route has no `allow`"
        }
        if refusal.code == "bad_target", examination.selection != nil {
            return "a parameter of the query is not accepted"
        }
        return ReasonWords.words(refusal.code)
    }

    private var outcome: [String] {
        let verdict = examination.verdict
        guard let refusal = verdict.refusal else {
            let headers = verdict.upstreamHeaders
            let assertion = assertion(verdict.principal)
            guard !headers.isEmpty || assertion != nil else {
                return ["ALLOWED: forwarded without an identity"]
            }
            return ["ALLOWED: forwarded, and the app is told"]
                + headers.map { TerminalText.plain("  \($0.name): \($0.value)") }
                + (assertion.map { ["  \($0)"] } ?? [])
        }
        var lines = ["REFUSED with \(refusal.status), reason \(refusal.code)"]
        lines[0] += reason(refusal).map { ": \($0)" } ?? ""
        let told = ReasonWords.publicReason(refusal)
        if refusal.code.hasPrefix("deny."), !refusal.isHidden, let message = refusal.detail {
            lines.append("  the client is told `\(told)`, and: \(message)")
        } else {
            if let detail = refusal.detail { lines.append("  \(detail)") }
            if told != refusal.code { lines.append("  the client is told no more than `\(told)`") }
        }
        let roles = PolicyJudge(policy).rolesThatWouldDo(question, examination)
        if !roles.isEmpty {
            let names = roles.map { "`\($0)`" }.joined(separator: " or ")
            lines.append("  with the role \(names) it would be allowed")
        }
        return lines
    }
}
