/// What is known about the keys of an issuer beyond the keys themselves: whether another fetch could
/// bring more, and whether those at hand may still be used.
package enum KeyAvailability: Sendable, CaseIterable {
    /// Configured keys: nobody can fetch more.
    case fixed
    /// The last refresh succeeded; another may bring more.
    case current
    /// The last refresh failed; the old keys still count.
    case doubtful
    /// There are no keys that may be used.
    case unavailable
}
