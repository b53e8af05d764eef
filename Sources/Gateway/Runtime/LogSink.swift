private import Dispatch
private import Glibc
private import Synchronization

/// Writes log lines to standard error on a queue of its own, so that no event loop ever waits for
/// whoever reads them. What a slow reader leaves behind is bounded: beyond it, lines are dropped and
/// counted, and the count is logged.
final class LogSink: Sendable {
    private let queue = DispatchQueue(label: "ostiary.log")
    private let waiting = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    private let descriptor: Int32

    init(descriptor: Int32 = STDERR_FILENO) { self.descriptor = descriptor }

    /// - Parameter lines: whole lines, each with its line feed.
    func write(_ lines: [UInt8]) {
        guard waiting.load(ordering: .relaxed) < Self.mostWaitingBytes else {
            dropped.add(1, ordering: .relaxed)
            return
        }
        waiting.add(lines.count, ordering: .relaxed)
        queue.async { [self] in
            writeAll(lines)
            waiting.subtract(lines.count, ordering: .relaxed)
            let lost = dropped.exchange(0, ordering: .relaxed)
            if lost > 0 {
                writeAll(Array("ostiary: \(lost) pieces of log were dropped\n".utf8))
            }
        }
    }

    /// Returns when all that was handed over has been written, at the latest after `limit`: a reader
    /// that has stopped reading must not keep the process from ending.
    func flush(within limit: Duration = .seconds(2)) {
        let written = DispatchSemaphore(value: 0)
        queue.async { written.signal() }
        _ = written.wait(timeout: .now() + limit / .seconds(1))
    }

    private func writeAll(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { buffer in
            var start = 0
            while start < buffer.count {
                let written = unsafe Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: start), buffer.count - start)
                if written < 0, errno == EINTR { continue }
                // Nobody listens any more.
                guard written > 0 else { return }
                start += written
            }
        }
    }

    private static let mostWaitingBytes = 4 << 20
}
