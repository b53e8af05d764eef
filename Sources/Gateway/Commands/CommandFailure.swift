package import StrictYAML

/// Why a command did not succeed: what goes to standard error, and the exit status.
package struct CommandFailure: Error, Sendable {
    /// One or more lines, without the program's name.
    package let lines: [String]
    package let status: Status

    /// Exit statuses; those above 63 are of sysexits(3).
    package enum Status: Int32, Sendable {
        /// A check failed, or the command could not do its work.
        case failed = 1
        /// The command line is wrong.
        case usage = 64
        /// The configuration or the policy is wrong.
        case badConfiguration = 78
    }

    package init(_ line: String, status: Status = .failed) {
        lines = [line]
        self.status = status
    }

    /// `lines` must not be empty.
    package init(_ lines: [String], status: Status = .failed) {
        self.lines = lines
        self.status = status
    }

    package init(_ diagnostics: Diagnostics, status: Status = .badConfiguration) {
        lines = diagnostics.all.map(\.description)
        self.status = status
    }

    /// Runs `body`; its diagnostics become a failure.
    package static func from<Value>(
        status: Status = .badConfiguration, _ body: () throws(Diagnostics) -> Value
    ) throws(CommandFailure) -> Value {
        do throws(Diagnostics) {
            return try body()
        } catch {
            throw CommandFailure(error, status: status)
        }
    }
}
