/// Splits what comes over a connection into HTTP/1.1 messages: requests without a body, and answers
/// whose length is announced.
struct MessageReader {
    struct Message {
        /// Zero for a request.
        let status: Int
        let body: ArraySlice<UInt8>
    }

    private var bytes: [UInt8] = []
    private var start = 0

    mutating func append(_ more: ArraySlice<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        }
        bytes += more
    }

    mutating func next() -> Message? {
        var line = start
        var length = 0
        while let end = bytes[line...].firstIndex(of: 0x0A) {
            guard end - line > 1 else {
                let body = end + 1..<end + 1 + length
                guard body.upperBound <= bytes.count else { return nil }
                let status = status
                start = body.upperBound
                return Message(status: status, body: bytes[body])
            }
            length = announcedLength(line..<end) ?? length
            line = end + 1
        }
        return nil
    }

    /// `HTTP/1.1 200 OK`: the number behind the first blank.
    private var status: Int {
        guard bytes[start...].starts(with: Self.version) else { return 0 }
        return number(start + Self.version.count)
    }

    private func announcedLength(_ line: Range<Int>) -> Int? {
        guard line.count > Self.length.count, bytes[line.lowerBound] | 0x20 == Self.length[0],
            zip(bytes[line], Self.length).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
        else { return nil }
        return number(line.lowerBound + Self.length.count)
    }

    private func number(_ start: Int) -> Int {
        bytes[start...].drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
            .reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static let version = Array("HTTP/1.1 ".utf8)
    private static let length = Array("content-length:".utf8)
}
