package import TokenVerification

/// How the keys of one issuer are at the moment.
package struct KeySourceStatus: Sendable, Equatable {
    /// The issuer's name in the policy.
    package let issuerName: String
    package let availability: KeyAvailability
    /// Whether there were keys, and they have become too old to be used.
    package let hasExpired: Bool
    package let keyCount: Int
    /// Keys of the set that cannot verify tokens.
    package let skippedCount: Int
    /// Since the keys were last confirmed; nil while there are none.
    package let age: Duration?
    /// Why the last fetch failed; nil when it succeeded.
    package let lastError: String?
    /// Fetches that succeeded, and that failed, since the start.
    package let succeeded: Int
    package let failed: Int
    /// Fetches that began because a token named an unknown key.
    package let sought: Int
}
