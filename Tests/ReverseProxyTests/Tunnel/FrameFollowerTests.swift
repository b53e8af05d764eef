import TestSupport
import Testing

@testable import ReverseProxy

@Suite("FrameFollower")
struct FrameFollowerTests {
    /// How many frames end in the bytes when they come in pieces of `step`; nil where it is lost.
    private func frames(
        _ bytes: [UInt8], step: Int, isMasked: Bool = false, allowsReservedBits: Bool = false
    ) -> Int? {
        var follower = FrameFollower(isMasked: isMasked, allowsReservedBits: allowsReservedBits)
        var count = 0
        var start = 0
        while start < bytes.count {
            let piece = Array(bytes[start..<min(start + step, bytes.count)])
            var index = 0
            while index < piece.count {
                index = follower.followFrame(piece.span, from: index)
                if follower.isAtBoundary { count += 1 }
            }
            start += step
        }
        return follower.isLost ? nil : count
    }

    @Test("finds the end of every frame, however the bytes are cut")
    func boundaries() {
        for isMasked in [false, true] {
            let lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 3]
            let stream = lengths.flatMap { Frame(.binary, length: $0, masked: isMasked).bytes }
            for step in [1, 2, 3, 7, 100, 65_537, 1 << 20] {
                #expect(frames(stream, step: step, isMasked: isMasked) == lengths.count, "\(step)")
            }
        }
    }

    @Test("control frames may stand between the fragments of a message")
    func fragments() {
        let stream =
            Frame(.text, isFinal: false, length: 4).bytes + Frame(.ping, length: 5).bytes
            + Frame(.continuation, isFinal: false, length: 0).bytes
            + Frame(.pong, length: 125).bytes + Frame(.continuation, length: 2).bytes
            + Frame(.text, length: 1).bytes
        for step in [1, 5, 1000] { #expect(frames(stream, step: step) == 6) }
    }

    @Test(
        "is lost, for good, where the bytes are no frames",
        arguments: [
            ("reserved bit 1", [0xC1, 0]), ("reserved bit 2", [0xA1, 0]),
            ("reserved bit 3", [0x91, 0]), ("opcode 3", [0x83, 0]), ("opcode 7", [0x87, 0]),
            ("opcode 11", [0x8B, 0]), ("opcode 15", [0x8F, 0]), ("fragmented ping", [0x09, 0]),
            ("fragmented close", [0x08, 0]), ("long ping", [0x89, 126, 0, 126]),
            ("masked server", [0x81, 0x80, 1, 2, 3, 4]), ("lone continuation", [0x80, 0]),
            ("text inside a message", [0x01, 0, 0x81, 0]),
            ("64 bits of length", [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0]),
        ] as [(String, [UInt8])])
    func faults(name: String, bytes: [UInt8]) {
        let more = bytes + Frame(.text, length: 3).bytes
        for step in [1, 2, 100] { #expect(frames(more, step: step) == nil) }
    }

    @Test("a client's frame without a mask is none")
    func unmasked() {
        #expect(frames([0x81, 0], step: 1, isMasked: true) == nil)
        #expect(frames([0x81, 0x80, 1, 2, 3, 4], step: 1, isMasked: true) == 1)
    }

    @Test("reserved bits are an extension's business where there is one")
    func extensions() {
        #expect(frames([0xC1, 1, 7], step: 1, allowsReservedBits: true) == 1)
        #expect(frames([0xC1, 1, 7], step: 1) == nil)
    }

    @Test("knows when a close frame has begun")
    func close() {
        var follower = FrameFollower(isMasked: false, allowsReservedBits: false)
        follower.follow(Frame(.text, length: 3).bytes.span)
        #expect(!follower.hasClosed && follower.isAtBoundary)
        follower.follow([0x88 as UInt8].span)
        #expect(follower.hasClosed && !follower.isAtBoundary)
        follower.follow([2 as UInt8, 3, 0xE8].span)
        #expect(follower.isAtBoundary)
    }

    @Test("a frame of any length is followed without being kept")
    func huge() {
        var follower = FrameFollower(isMasked: false, allowsReservedBits: false)
        let header: [UInt8] = [0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        follower.follow(header.span)
        for _ in 1...1000 { follower.follow([UInt8](repeating: 0x88, count: 4096).span) }
        #expect(!follower.isAtBoundary && !follower.isLost && !follower.hasClosed)
    }
}
