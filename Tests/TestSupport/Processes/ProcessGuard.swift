import Glibc
import Synchronization

/// Ends the children when the test run ends in any way, a crash or SIGKILL included.
///
/// A small shell process reads the children's ids from a pipe. When the pipe closes, because this
/// process is gone, it kills those that are still alive. An object cannot do this: nothing runs
/// `deinit` at the end of a process.
final class ProcessGuard: Sendable {
    static let shared = ProcessGuard()

    /// -1 when the guard could not be started; the tests then stop their children by themselves.
    private let descriptor: Int32

    private init() {
        descriptor = (try? ProcessGuard.start()) ?? -1
    }

    func adopted(_ pid: Int32) { note("+ \(pid)\n") }

    func released(_ pid: Int32) { note("- \(pid)\n") }

    private func note(_ line: String) {
        let bytes = Array(line.utf8)
        _ = unsafe write(descriptor, bytes, bytes.count)
    }

    private static func start() throws -> Int32 {
        let pipe = try ChildPipe()
        defer { close(pipe.readEnd) }
        let shell = Spawn(program: "/bin/sh", arguments: ["-c", script], environment: [:])
        _ = try shell.run(input: pipe.readEnd, output: 2, error: 2)
        return pipe.writeEnd
    }

    private static let script = """
        trap '' INT TERM HUP
        alive=" "
        while read -r change pid; do
            case "$change" in
            +) alive="$alive$pid " ;;
            -) alive=$(printf '%s' "$alive" | sed "s/ $pid / /") ;;
            esac
        done
        for pid in $alive; do kill -KILL "$pid" 2>/dev/null; done
        """
}
