import Foundation
import Testing

@testable import Gateway

@Suite("the sink of log lines")
struct LogSinkTests {
    @Test("writes all lines in order")
    func order() throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        for number in 0..<100 { sink.write(Array("line \(number)\n".utf8)) }
        sink.flush()
        try pipe.fileHandleForWriting.close()
        let text = try pipe.fileHandleForReading.readToEnd().map {
            String(decoding: $0, as: UTF8.self)
        }
        #expect(text == (0..<100).map { "line \($0)\n" }.joined())
    }

    @Test("a reader that has stopped reading does not keep anybody waiting for ever")
    func stalledReader() throws {
        let pipe = Pipe()
        let sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        // More than a pipe holds.
        let count = 1 << 20
        sink.write([UInt8](repeating: 0x61, count: count))
        let time = ContinuousClock().measure { sink.flush(within: .milliseconds(100)) }
        #expect(time >= .milliseconds(100) && time < .seconds(5))
        // Once it reads again, it gets everything.
        #expect(try pipe.fileHandleForReading.read(upToCount: count)?.count == count)
        sink.flush()
    }
}
