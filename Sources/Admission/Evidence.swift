/// What a decision lacks that is not here yet, and may come.
package enum Evidence: Sendable, Hashable {
    /// The issuer's keys: a token names one that is not among those that are here, or there are none
    /// here. By the issuer's name in the policy.
    case keys(issuerName: String)
}

/// Gets evidence, away from the event loops.
package protocol EvidenceSource: Sendable {
    /// Called on event loops; never blocks. `arrived` is called once, on any thread, when everything
    /// that was learned has been told to all event loops, or when nothing could be learned.
    ///
    /// - Returns: whether it is worth waiting. If not, nothing new is to be had for now, `arrived` is
    ///   never called, and the request has to be decided on what is known.
    func seek(_ evidence: Evidence, arrived: @escaping @Sendable () -> Void) -> Bool
}
