/// What is logged, and how.
package struct LogSettings: Sendable, Equatable {
    package let level: LogLevel
    package let format: LogFormat
    /// Whether each exchange writes one line.
    package let access: Bool
}

/// Severities, from most to least talkative; the names are those of swift-log.
package enum LogLevel: String, Sendable, CaseIterable {
    case trace, debug, info, notice, warning, error

    /// Whether messages of `severity` are logged at this level.
    func admits(_ severity: LogLevel) -> Bool {
        let order = Self.allCases
        return order.firstIndex(of: severity) ?? 0 >= order.firstIndex(of: self) ?? 0
    }
}

package enum LogFormat: String, Sendable, CaseIterable {
    case text, json
}
