/// When a key for assertions is published, signs, and goes. Times are Unix seconds.
///
/// An app that keeps a copy of the published keys must know a key before the first assertion of it comes, and
/// for as long as the last one may come. So a new key is published for a while before it signs, and the key
/// before it for a while after.
package struct AssertionKeySchedule: Sendable, Equatable {
    package enum Stage: String, Sendable {
        /// Published, and not used yet.
        case next
        case signing
        /// Published for the sake of assertions that are under way.
        case previous
        /// Good for nothing any more.
        case retired
    }

    /// Seconds from one key to the next.
    package let rotation: Int64
    /// Seconds that a key is published before it signs.
    package let announcement: Int64

    package init(rotation: Int64) {
        self.rotation = rotation
        announcement = min(Self.longestAnnouncement, rotation / 4)
    }

    /// The stage of each key, by when they were made, in ascending order. Unless there are none, exactly one
    /// of them signs.
    package func stages(of made: [Int64], now: Int64) -> [Stage] {
        let signing = made.lastIndex { $0 + announcement <= now } ?? 0
        return made.indices.map { index in
            if index > signing { return .next }
            if index == signing { return .signing }
            return now < made[index + 1] + announcement + Self.retention ? .previous : .retired
        }
    }

    /// Whether another key is to be made.
    package func isDue(_ made: [Int64], now: Int64) -> Bool {
        guard let last = made.last else { return true }
        return stages(of: made, now: now).last == .signing && now >= last + rotation
    }

    /// When a key that is to sign at once must be said to have been made.
    package func timeOfKeyThatSigns(at now: Int64) -> Int64 { now - announcement }

    /// Apps that look at the published keys once an hour are in time.
    private static let longestAnnouncement: Int64 = 3600
    /// Longer than any assertion is good, with room for clocks that differ.
    package static let retention: Int64 = 900
}
