import Glibc

/// The entry point: reads the options, serves until a signal asks to stop.
@main
struct SampleApp {
    static func main() {
        let signals = StopSignals()
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            guard !options.wantsHelp else {
                print(Options.help)
                return
            }
            let app = WeatherApp(try .embedded(), clock: unixMilliseconds)
            let server = try AppServer(app, host: options.host, port: options.port)
            let host = options.host.contains(":") ? "[\(options.host)]" : options.host
            print("sample-app: listening on http://\(host):\(server.port)")
            // A pipe or file would keep the line back, and whoever started us waits for it.
            fflush(nil)
            signals.wait()
            try server.stop()
        } catch let error as UsageError {
            fail(error, status: EX_USAGE)
        } catch {
            fail(error, status: EXIT_FAILURE)
        }
    }

    private static func fail(_ error: any Error, status: Int32) -> Never {
        let line = Array("sample-app: \(error)\n".utf8)
        unsafe _ = line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(status)
    }
}
