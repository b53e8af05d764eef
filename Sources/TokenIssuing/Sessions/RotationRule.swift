/// What becomes of a refresh token that is presented. A pure function of the session as it stands,
/// the token and the time.
///
/// A client may present the parent of the present generation for good reasons: two of its requests
/// raced, or the answer with the child was lost on the way. It then gets the same child again, within
/// bounds. Anything older shows that two parties hold tokens of the session.
enum RotationRule {
    enum Decision: Equatable {
        /// The token is the present one: the session moves on.
        case rotate
        /// The token is the parent: its bearer gets the present one again. If counted, only after
        /// `AccountStore.countReplay` has allowed it.
        case repeatAnswer(isCounted: Bool)
        /// The token was replaced longer ago: the session ends.
        case endReused
        /// The session has ended, or its account is disabled.
        case refuse
    }

    /// How long a parent is answered again without counting: requests that raced.
    static let grace: Int64 = 30
    /// How long a parent is answered again at all, as long as nobody has presented the child: the
    /// answer was lost.
    static let lostAnswerWindow: Int64 = 10 * 60
    /// How many counted answers each generation has.
    static let mostReplays = 3

    /// `generation` and `hash` are those of the presented token; session and account are as they stand
    /// at `now`, in Unix seconds.
    static func decide(
        generation: UInt32, hash: [UInt8], session: Session, isAccountActive: Bool, now: Int64
    ) -> Decision {
        guard session.revokedAt == nil, now < session.idleUntil, now < session.notAfter,
            isAccountActive, generation < .max
        else { return .refuse }
        // Comparing in variable time is fine here: the MAC has proven that we made the token.
        if generation == session.generation {
            // Another secret of this generation: the database was set back since.
            return hash == session.currentHash ? .rotate : .endReused
        }
        // That the child is still the present one says that nobody has presented it.
        guard generation + 1 == session.generation, hash == session.previousHash else {
            return .endReused
        }
        // A clock that was set back makes the age negative.
        let age = now - session.rotatedAt
        if age <= grace { return .repeatAnswer(isCounted: false) }
        guard age <= lostAnswerWindow, session.replays < mostReplays else { return .endReused }
        return .repeatAnswer(isCounted: true)
    }
}
