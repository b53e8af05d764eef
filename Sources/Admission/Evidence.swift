package import TokenVerification

/// What a decision lacks that is not here yet, and may come.
package enum Evidence: Sendable, Hashable {
    /// A key that a token asks for and that is not among those of its issuer that are here, or there
    /// are none here.
    case key(MissingKey)
}

extension Evidence {
    /// What comes in one piece.
    package enum Delivery: Sendable, Hashable {
        /// All keys of an issuer, by its name in the policy.
        case keys(issuerName: String)
    }

    /// With what it comes, if it comes: whoever waits for one delivery waits for the same moment.
    package var delivery: Delivery {
        switch self {
        case .key(let missing): .keys(issuerName: missing.issuerName)
        }
    }
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
