package import StrictYAML

/// Why a command did not succeed: what goes to standard error, and the exit status.
package struct CommandFailure: Error, Sendable {
    /// Never empty.
    package let messages: [Message]
    package let status: Status

    /// One thing that went wrong.
    package struct Message: Sendable, Equatable {
        /// One line, without the program's name.
        package let text: String
        /// Lines of a file that it is about, with what to do; shown as they are.
        package var excerpt: [String] = []
    }

    /// The messages without what they show of files.
    package var lines: [String] { messages.map(\.text) }

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
        self.init([line], status: status)
    }

    /// `lines` must not be empty.
    package init(_ lines: [String], status: Status = .failed) {
        self.init(lines.map { Message(text: $0) }, status: status)
    }

    /// `messages` must not be empty.
    package init(_ messages: [Message], status: Status = .failed) {
        self.messages = messages
        self.status = status
    }

    package init(_ diagnostics: Diagnostics, status: Status = .badConfiguration) {
        let messages = diagnostics.rendered.map { text in
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(
                String.init)
            return Message(text: lines[0], excerpt: Array(lines.dropFirst()))
        }
        self.init(messages, status: status)
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
