import StrictYAML
import TokenIssuing
import TokenVerification

/// `ostiary keys assertion`: shows the keys of identity assertions, and makes others.
package struct AssertionKeyCommand: Sendable {
    package enum Change: Sendable {
        /// The next key, which signs when it has been published for a while.
        case rotate
        /// A key that signs at once, in place of all others.
        case replace
    }

    private let change: Change?
    private let sources: ConfigurationSources

    package init(change: Change?, sources: ConfigurationSources) {
        self.change = change
        self.sources = sources
    }

    /// A line for each key at `now`, in Unix seconds, and the published ones as a JWK set. Throws what cannot
    /// be read or written.
    package func run(now: Int64) throws(CommandFailure) -> (lines: [String], keySet: String) {
        let keys = try keys(now)
        guard let keys else {
            return (
                ["there is no key yet: the gateway makes one when its policy asks for assertions"],
                "{\"keys\":[]}\n"
            )
        }
        return (keys.entries.map(\.line), String(decoding: keys.keySet, as: UTF8.self) + "\n")
    }

    private func keys(_ now: Int64) throws(CommandFailure) -> AssertionKeys? {
        let trust = try CommandFailure.from { () throws(Diagnostics) in try sources.loadTrust() }
        let source = AssertionKeySource(trust)
        guard let change else {
            return try CommandFailure.from { () throws(Diagnostics) in try source.read(now: now) }
        }
        guard case .folder(let folder) = source else {
            throw CommandFailure(
                "the keys are those that `assertion.keys` names: put the new one first there, and "
                    + "restart the gateway", status: .badConfiguration)
        }
        return try CommandFailure.from(status: .failed) { () throws(Diagnostics) in
            switch change {
            case .rotate: try folder.rotate(now: now)
            case .replace: try folder.replace(now: now)
            }
        }
    }
}

extension AssertionKeys.Entry {
    /// For a terminal.
    fileprivate var line: String {
        let time = signsFrom.flatMap { UTCTime($0) }
        let words =
            switch stage {
            case .signing: time.map { "signs since \($0)" } ?? "signs"
            case .next: time.map { "next, signs from \($0) on" } ?? "next"
            case .previous: "does not sign any more, published for assertions under way"
            case .retired: "retired"
            }
        return "\(key.keyID)  \(words)"
    }
}
