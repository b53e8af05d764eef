package import AccessPolicy

/// What is known of a request beside its bytes.
package struct Arrival: Sendable {
    /// The peer, or whom a trusted peer vouches for; nil when it cannot be told.
    package var client: IPAddress?
    /// Unix time in seconds: for what tokens and conditions say.
    package var now: Int64
    /// Milliseconds of a clock that never runs backwards: for rates.
    package var milliseconds: Int64
    /// Whether the request has been here before, and is decided again with more evidence.
    package var isCounted: Bool

    package init(
        client: IPAddress?, now: Int64, milliseconds: Int64, isCounted: Bool = false
    ) {
        self.client = client
        self.now = now
        self.milliseconds = milliseconds
        self.isCounted = isCounted
    }
}
