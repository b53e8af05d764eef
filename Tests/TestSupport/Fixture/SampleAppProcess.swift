/// A running `sample-app`, the data app that stands behind the gate in the examples.
package final class SampleAppProcess: Sendable {
    package let port: UInt16
    private let process: ChildProcess

    /// Starts the app and returns when it listens; port 0 takes a free one.
    package init(port: UInt16 = 0) throws {
        process = try ChildProcess(BuiltProgram.sampleApp.path(), ["--port", "\(port)"])
        let line = try process.line(containing: "listening on http", within: .seconds(20))
        guard let port = portNumber(in: line) else {
            throw SupportError("no port in the app's line: \(line)")
        }
        self.port = port
    }

    deinit { process.stop() }

    package var pid: Int32 { process.pid }

    package func stop() { process.stop() }

    /// Ends the app without any chance to say goodbye.
    package func killNow() { process.killNow() }
}
