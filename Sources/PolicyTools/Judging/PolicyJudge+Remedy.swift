import AccessPolicy

extension PolicyJudge {
    /// The roles of which any one would turn a refusal into a permission, for the same person and all
    /// else as it is. Of roles that include each other only the least.
    ///
    /// - Returns: nothing where it is not roles that are missing, and for strangers.
    func rolesThatWouldDo(_ question: PolicyQuestion, _ examination: Examination) -> [String] {
        guard let principal = examination.verdict.principal, examination.verdict.refusal != nil
        else { return [] }
        let roles = policy.roleNames.filter { role in
            allows(question, examination, policy.granting(role, to: principal))
        }
        return roles.filter { role in
            !roles.contains { $0 != role && policy.role(role, includes: $0) }
        }
    }

    private func allows(
        _ question: PolicyQuestion, _ examination: Examination, _ principal: Principal
    ) -> Bool {
        guard let selection = examination.selection, let path = examination.path else {
            return false
        }
        let target = Array(question.target.utf8)
        let query = target.firstIndex(of: UInt8(ascii: "?")).map { $0 + 1 } ?? target.count
        let facts = RequestFacts(
            method: question.method, clientAddress: question.address, now: question.now)
        let decision = policy.decide(
            selection, path: path, query: target.span.extracting(query...), facts: facts,
            principal: principal)
        if case .deny = decision { return false }
        return selection.route?.isForHandshakes(of: question.method) != false
    }
}
