/// Whether a request's body comes fast enough, by a stock of time that bytes fill up and waiting uses up.
///
/// The stock is never larger than the grace, so a fast beginning buys no right to a slow end.
struct BodyPace {
    /// Milliseconds left.
    private var stock: Int64
    /// Bytes seen so far.
    private var seen: Int64 = 0

    init(grace: Int64) { stock = grace }

    /// Told now and then, with the milliseconds since the last time and all bytes so far. Time in which
    /// nothing is read of the client is not the client's. `floor` is in bytes per second; 0 asks for
    /// none.
    ///
    /// - Returns: whether it is too slow.
    mutating func isTooSlow(
        elapsed: Int64, received: Int64, isReading: Bool, floor: Int64, grace: Int64
    ) -> Bool {
        guard floor > 0 else { return false }
        // More than the grace counts no more, and must not overflow.
        let fresh = min(received - seen, (grace / 1000 + 1) * floor)
        seen = received
        if isReading { stock -= elapsed }
        stock = min(grace, stock + fresh * 1000 / floor)
        return stock < 0
    }
}
