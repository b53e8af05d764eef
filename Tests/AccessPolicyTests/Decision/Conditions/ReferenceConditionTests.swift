import AccessPolicy
import StrictYAML
import TestSupport
import Testing

/// Compares compiled conditions with an evaluator that walks the tree in three-valued logic.
@Suite struct ReferenceConditionTests {
    private func policy(_ condition: NaiveCondition) throws(Diagnostics) -> PolicySet {
        try PolicySet.load(
            policyText(
                routes: """
                    {id: one, match: "GET|POST /x/{v}", auth: optional, allow: \(condition.yaml), \
                    query: {q: {type: string}, n: {type: integer, default: 1}}}
                    """,
                claims: """
                    name: {type: string, default: a}, level: {type: integer, default: 1}, \
                    staff: {type: boolean, default: false}, groups: {type: [string], default: []}
                    """, headers: "X-Auth-Roles: roles"), file: "policy.yaml")
    }

    private func expected(_ condition: NaiveCondition, _ request: NaiveRequest) -> DenyReason? {
        if condition.value(request) == true { return nil }
        guard request.person != nil else { return .unauthenticated }
        if case .leaf(let yaml, _, _) = condition, yaml.hasPrefix("{role:") { return .roleMissing }
        if condition.value(request, [.stepUp]) == true { return .stepUp }
        if condition.value(request, [.stepUp, .scopeMissing]) == true { return .scopeMissing }
        return .conditionFalse
    }

    @Test("a compiled condition decides as three-valued logic does, with the same reason")
    func decisions() throws {
        var generator = SeededGenerator(for: "conditions")
        var (allowed, denied, constant) = (0, 0, 0)
        for _ in 0..<propertyRounds(250) {
            let condition = NaiveCondition.random(&generator)
            let requests = (0..<40).map { _ in NaiveRequest(&generator) }
            let policy: PolicySet
            do throws(Diagnostics) {
                policy = try self.policy(condition)
            } catch {
                // Only what nobody or everybody meets is refused.
                try #require(
                    error.all.allSatisfy { $0.code == "constant_condition" },
                    "\(condition.yaml): \(error)")
                if case .all(let members) = condition, members.allSatisfy(\.isLeaf) {
                    try checkConstant(condition, requests, error.all[0].message)
                }
                constant += 1
                continue
            }
            for request in requests {
                let principal = try request.json.map { try policy.principal(json: $0) }
                let decision = try policy.outcome(
                    request.line, as: principal, from: request.address, at: request.now
                ).decision
                let reason: DenyReason? =
                    if case .deny(let denial) = decision { denial.reason } else { nil }
                try #require(
                    reason == expected(condition, request),
                    "\(condition.yaml) for \(request.line) with \(request.json ?? "nobody")")
                if reason == nil { allowed += 1 } else { denied += 1 }
            }
        }
        print("conditions: \(allowed) allowed, \(denied) denied, \(constant) constant")
        #expect(allowed > 100 && denied > 100 && constant > 0)
    }

    /// A report about a condition without inner ones is about all of it.
    private func checkConstant(
        _ condition: NaiveCondition, _ requests: [NaiveRequest], _ message: String
    ) throws {
        for request in requests where request.person != nil {
            let holds = condition.value(request)
            try #require(
                holds != message.contains("never"),
                "\(condition.yaml) is reported: \(message)")
        }
    }
}
