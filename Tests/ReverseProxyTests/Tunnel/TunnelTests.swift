import AccessPolicy
import TestSupport
import Testing

@testable import ReverseProxy

@Suite("Tunnel")
struct TunnelTests {
    private static let rules = TunnelRules(
        pingsAfter: 100, idle: 1000, endsAt: 5000, lastWord: .tooOld)

    private func tunnel(_ rules: TunnelRules = rules) -> Tunnel {
        Tunnel(rules, hasExtensions: false, mark: 0x0102_0304_0506_0708, now: 0)
    }

    /// What of the bytes goes on to the app when they come in pieces of `step`.
    private func passed(_ bytes: [UInt8], _ tunnel: inout Tunnel, step: Int = .max) -> [UInt8] {
        var output: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let piece = Array(bytes[start..<min(start &+ min(step, 1 << 20), bytes.count)])
            var index = 0
            reading: while true {
                switch tunnel.fromClient(piece.span, from: &index) {
                case .pass(let range): output += piece[range]
                case .release(let held): output += held
                case .end: break reading
                }
            }
            start += piece.count
        }
        return output
    }

    private func ping(_ tunnel: inout Tunnel, at now: Int64) throws -> Frame {
        guard case .ping(let bytes) = tunnel.due(now) else {
            throw SupportError("no ping is due at \(now)")
        }
        let (frame, count) = try #require(Frame.first(of: bytes))
        #expect(frame.opcode == 9 && count == bytes.count && frame.payload.count <= 125)
        return frame
    }

    private static let conversation: [UInt8] =
        Frame(.text, "hello", masked: true).bytes + Frame(.pong, "unasked", masked: true).bytes
        + Frame(.ping, "", masked: true).bytes + Frame(.pong, "", masked: true).bytes
        + Frame(.binary, length: 300, masked: true).bytes
        + Frame(.pong, length: 125, masked: true).bytes

    @Test("passes every byte of a client that owes us nothing, in one piece")
    func plain() {
        for step in [1, 2, 3, 50, .max] {
            var tunnel = self.tunnel()
            #expect(passed(Self.conversation, &tunnel, step: step) == Self.conversation)
        }
        var index = 0
        var tunnel = self.tunnel()
        let bytes = Self.conversation
        #expect(tunnel.fromClient(bytes.span, from: &index) == .pass(0..<bytes.count))
        #expect(tunnel.fromClient(bytes.span, from: &index) == .end)
    }

    @Test("swallows the answer to its own ping and nothing else, however the bytes are cut")
    func swallows() throws {
        for step in [1, 2, 3, 5, 19, 50, .max] {
            var tunnel = self.tunnel()
            let own = try ping(&tunnel, at: 100)
            let answer = Frame(.pong, own.payload, masked: true).bytes
            let frames = Frame(.text, "a", masked: true).bytes
            let input = frames + Self.conversation + answer + Self.conversation + answer
            // Nothing is asked any more when it comes again: it is not ours to judge.
            let expected = frames + Self.conversation + Self.conversation + answer
            #expect(passed(input, &tunnel, step: step) == expected, "\(step)")
        }
    }

    @Test("pongs that only look like the answer go on")
    func lookAlikes() throws {
        var tunnel = self.tunnel()
        let own = try ping(&tunnel, at: 100)
        var other = own.payload
        other[0] ^= 1
        var later = own.payload
        later[11] += 1
        for payload in [other, later, Array(own.payload.dropLast()), own.payload + [0], []] {
            let bytes = Frame(.pong, payload, masked: true).bytes
            #expect(passed(bytes, &tunnel, step: 4) == bytes)
        }
        // Inside a frame it is somebody's data.
        let data = Frame(.binary, Frame(.pong, own.payload, masked: true).bytes, masked: true)
        #expect(passed(data.bytes, &tunnel, step: 3) == data.bytes)
        // Without a mask it is no client's, and from there on nothing is known.
        let bare = Frame(.pong, own.payload).bytes
        #expect(passed(bare + bare, &tunnel, step: 3) == bare + bare)
        let answer = Frame(.pong, own.payload, masked: true).bytes
        #expect(passed(answer, &tunnel) == answer)
    }

    @Test("one answer may stand for several pings, and an old one may come late")
    func severalPings() throws {
        var tunnel = self.tunnel()
        let pings = try [100, 200, 300].map { try ping(&tunnel, at: $0) }
        #expect(Set(pings.map(\.payload)).count == 3)
        func answer(_ number: Int) -> [UInt8] {
            Frame(.pong, pings[number].payload, masked: true).bytes
        }
        #expect(passed(answer(0) + answer(2), &tunnel) == [])
        #expect(passed(answer(1), &tunnel) == answer(1))
    }

    @Test("half an answer is let go when the client ends")
    func halfAnswer() throws {
        var tunnel = self.tunnel()
        let own = try ping(&tunnel, at: 100)
        let half = Array(Frame(.pong, own.payload, masked: true).bytes.prefix(9))
        #expect(passed(half, &tunnel, step: 4) == [])
        #expect(tunnel.clientEnded() == half)
        #expect(tunnel.clientEnded() == [])
    }

    @Test("pings after silence alone, and its own pings are no sound")
    func times() throws {
        var tunnel = self.tunnel()
        #expect(tunnel.due(99) == .nothing(until: 100))
        _ = try ping(&tunnel, at: 100)
        #expect(tunnel.due(101) == .nothing(until: 200))
        tunnel.received(at: 150)
        #expect(tunnel.due(249) == .nothing(until: 250))
        for now in stride(from: 250 as Int64, through: 1050, by: 100) {
            _ = try ping(&tunnel, at: now)
        }
        #expect(tunnel.due(1149) == .nothing(until: 1150))
        #expect(tunnel.due(1150) == .end(.idle))
    }

    @Test("no ping where there is no place for one, or nobody to hear it")
    func noPlace() {
        func due(_ prepare: (inout Tunnel) -> Void) -> Tunnel.Due {
            var tunnel = self.tunnel()
            prepare(&tunnel)
            return tunnel.due(100)
        }
        #expect(due { _ = $0.fromApp([0x81 as UInt8, 5, 1].span) } == .nothing(until: 200))
        #expect(due { _ = $0.fromApp([0xFF as UInt8].span) } == .nothing(until: 1000))
        #expect(due { _ = $0.fromApp(Frame(.close, "").bytes.span) } == .nothing(until: 1000))
        #expect(due { _ = $0.clientEnded() } == .nothing(until: 1000))
        #expect(due { $0.appEnded() } == .nothing(until: 1000))
        var silent = Self.rules
        silent.pingsAfter = nil
        var tunnel = self.tunnel(silent)
        #expect(tunnel.due(100) == .nothing(until: 1000))
    }

    @Test("ends when it is too old, however lively it is")
    func age() {
        var tunnel = self.tunnel()
        tunnel.received(at: 4999)
        #expect(tunnel.due(4999) == .nothing(until: 5000))
        #expect(tunnel.due(5000) == .end(.tooOld))
    }

    @Test("ends behind the app's frame, and lets nothing of the next one through")
    func ending() {
        var tunnel = self.tunnel()
        let frame = Frame(.text, length: 200).bytes
        let (head, rest) = (Array(frame.prefix(50)), Array(frame.dropFirst(50)))
        #expect(tunnel.fromApp(head.span) == 50)
        tunnel.end(.tooOld)
        #expect(!tunnel.mayEnd)
        #expect(tunnel.lastFrameForClient(.tooOld) == nil)
        #expect(tunnel.fromApp((rest + frame).span) == rest.count)
        #expect(tunnel.mayEnd)
        #expect(tunnel.fromApp(frame.span) == 0)
        let last = tunnel.lastFrameForClient(.tooOld).flatMap(Frame.first)
        #expect(last?.frame.closeCode == 1001)
        #expect(last?.frame.payload.dropFirst(2) == Array("max_age".utf8)[...])
    }

    @Test("no close frame behind another, into a frame, or to somebody who has finished")
    func noCloseFrame() {
        func frames(_ prepare: (inout Tunnel) -> Void) -> (client: Bool, app: Bool) {
            var tunnel = self.tunnel()
            prepare(&tunnel)
            return (
                tunnel.lastFrameForClient(.idle) != nil,
                tunnel.lastFrameForApp(.idle, mask: 7) != nil
            )
        }
        #expect(frames { _ in } == (true, true))
        #expect(frames { _ = $0.fromApp(Frame(.close, "").bytes.span) } == (false, true))
        #expect(frames { _ = $0.fromApp([0x81 as UInt8].span) } == (false, true))
        #expect(frames { $0.appEnded() } == (false, true))
        #expect(
            frames { _ = passed(Frame(.close, "", masked: true).bytes, &$0) } == (true, false))
        #expect(frames { _ = passed([0x81], &$0) } == (true, false))
        #expect(frames { _ = $0.clientEnded() } == (true, false))
    }

    @Test(
        "close frames say what they are to say, masked for the app",
        arguments: [TunnelEnd.idle, .tooOld, .shutdown, .tokenExpired])
    func closeFrames(end: TunnelEnd) throws {
        for bytes in [end.frame, end.frame(maskedWith: 0xDEAD_BEEF)] {
            let (frame, count) = try #require(Frame.first(of: bytes))
            #expect(count == bytes.count)
            #expect(frame.closeCode == Int(end.code))
            #expect(String(decoding: frame.payload.dropFirst(2), as: UTF8.self) == end.text)
        }
        #expect(end.frame(maskedWith: 7)[1] & 0x80 != 0)
        #expect(end.frame[1] & 0x80 == 0)
    }

    @Test("the rules of a tunnel are the route's, under the server's ceiling")
    func rules() {
        var settings = ProxySettings.WebSockets()
        settings.idle = .seconds(60)
        settings.maxAge = .seconds(600)
        func rules(_ rule: WebSocketRule, token: Int64? = nil) -> TunnelRules {
            TunnelRules(settings, rule, tokenLasts: token, now: 1_000)
        }
        var rule = WebSocketRule()
        #expect(
            rules(rule)
                == TunnelRules(
                    pingsAfter: 30_000, idle: 60_000, endsAt: 601_000, lastWord: .tooOld))
        #expect(rules(rule, token: 5_000).endsAt == 6_000)
        #expect(rules(rule, token: 5_000).lastWord == .tokenExpired)
        #expect(rules(rule, token: 900_000).lastWord == .tooOld)
        rule.idle = .seconds(10)
        rule.maxAge = .duration(.seconds(20))
        #expect(rules(rule, token: 30_000).endsAt == 21_000)
        #expect(rules(rule, token: 3_000).endsAt == 4_000)
        #expect(rules(rule).idle == 10_000)
        rule.closesOnExpiry = false
        #expect(rules(rule, token: 3_000).endsAt == 21_000)
        rule.idle = .seconds(70)
        rule.maxAge = .duration(.seconds(700))
        #expect(rules(rule).idle == 60_000)
        #expect(rules(rule).endsAt == 601_000)
        settings.pingInterval = .zero
        #expect(rules(rule).pingsAfter == nil)
    }
}
