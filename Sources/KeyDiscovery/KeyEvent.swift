/// What happened to the keys of an issuer, for a log. None of it is secret: key IDs are public.
package struct KeyEvent: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// Keys that differ from those before, the first included.
        case changed
        /// A key of the set that cannot verify tokens, when it is first seen.
        case skipped
        /// No fetch has succeeded since the last success or the start; the first one that fails.
        case failed
        /// A fetch has succeeded after some that failed.
        case recovered
        /// The keys have become too old to be used.
        case expired
    }

    package let kind: Kind
    /// The issuer's name in the policy.
    package let issuerName: String
    /// A few words, without the issuer.
    package let text: String
}
