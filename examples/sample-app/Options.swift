/// The command line.
package struct Options: Sendable, Equatable {
    package var host = "127.0.0.1"
    package var port = 8050
    package var wantsHelp = false

    package static let help = """
        usage: sample-app [--host ADDRESS] [--port PORT]

        A small data app to stand behind a gateway: Seattle's daily weather, 2012 to 2015.

          --host ADDRESS  the address to listen on (default 127.0.0.1)
          --port PORT     the port to listen on; 0 for any free one (default 8050)
          --help          this text

        It trusts whoever can reach it: keep it on the loopback address.
        """

    /// Reads the arguments, without the program's name.
    package init(_ arguments: [String]) throws(UsageError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            // Both `--port 8050` and `--port=8050`.
            let parts = argument.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func value() throws(UsageError) -> String {
                if parts.count == 2 { return String(parts[1]) }
                guard let value = rest.popFirst() else {
                    throw UsageError(description: "`\(argument)` needs a value")
                }
                return value
            }
            switch parts.first {
            case "--host": host = try value()
            case "--port":
                let text = try value()
                guard let port = UInt16(text) else {
                    throw UsageError(
                        description: "`--port` must be from 0 to 65535, not `\(text)`")
                }
                self.port = Int(port)
            case "--help", "-h": wantsHelp = true
            default:
                throw UsageError(
                    description: "`\(argument)` is not an option; see sample-app --help")
            }
        }
    }
}

/// The command line cannot be understood.
package struct UsageError: Error, Equatable, CustomStringConvertible {
    package let description: String
}
