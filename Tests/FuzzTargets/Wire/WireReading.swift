import Admission
@testable import ReverseProxy

/// What the bytes of one connection say, read by the codec in the order in which a connection's
/// handlers use it.
package struct WireReading: Equatable {
    package struct Message: Equatable, Sendable {
        /// The first line.
        package var start: [UInt8]
        /// `name: value`, as received but for the blanks around the value.
        package var fields: [[UInt8]]
        package var body: [UInt8] = []
        /// The trailer lines, each with its CR LF.
        package var trailer: [UInt8] = []
        package var isComplete = false
        /// Whether both sides could take what follows for another protocol.
        package var asksForUpgrade = false
    }

    package enum End: Equatable, Sendable {
        /// More could come.
        case open
        /// The connection is closed behind the last message.
        case closes
        /// The last request is read, but nobody may ask so.
        case refused
        case fault
    }

    package private(set) var messages: [Message] = []
    package private(set) var end = End.open

    /// The messages that are whole.
    package var complete: ArraySlice<Message> { messages.prefix { $0.isComplete } }

    /// Reads what a client sends, cut into these pieces.
    package static func requests(_ pieces: [[UInt8]]) -> WireReading {
        var reading = WireReading()
        var parser = RequestHeadParser()
        reading.read(pieces, isAnswer: false) { bytes in
            switch parser.parse(bytes, names: WireNames.requests, limits: WireNames.limits) {
            case .needsMore: return .needsMore
            case .fault: return .fault
            case .head(let head):
                let isAccepted =
                    (try? CanonicalRequest(
                        bytes, head.parts, defaultAuthority: Array("app.test".utf8),
                        recycling: CanonicalRequest.Storage())) != nil
                return .head(
                    Head(
                        length: head.length, framing: head.framing, lines: parser.fields.lines,
                        end: isAccepted ? (head.keepsAlive ? .open : .closes) : .refused,
                        asksForUpgrade: head.facts.nominatesUpgrade
                            && head.facts.upgrade.count > 0))
            }
        }
        return reading
    }

    /// Reads what the app sends before it closes the connection; `toHead`: all its answers are to `HEAD`.
    package static func answers(_ pieces: [[UInt8]], toHead: Bool = false) -> WireReading {
        var reading = WireReading()
        var parser = ResponseHeadParser()
        reading.read(pieces, isAnswer: true) { bytes in
            switch parser.parse(bytes, names: WireNames.answers, limits: WireNames.limits) {
            case .needsMore: return .needsMore
            case .fault: return .fault
            case .head(let head):
                return .head(
                    Head(
                        length: head.length, framing: head.framing(answeringHead: toHead),
                        lines: parser.fields.lines,
                        end: head.keepsAlive || head.status < 200 ? .open : .closes,
                        asksForUpgrade: head.status == 101
                            || head.facts.nominatesUpgrade && head.facts.upgrade.count > 0))
            }
        }
        return reading
    }

    private struct Head {
        let length: Int
        let framing: BodyFraming
        let lines: [FieldLine]
        let end: End
        let asksForUpgrade: Bool
    }

    private enum HeadOutcome {
        case head(Head)
        case needsMore
        case fault
    }

    private mutating func read(
        _ pieces: [[UInt8]], isAnswer: Bool, _ parse: (Span<UInt8>) -> HeadOutcome
    ) {
        var pending: [UInt8] = []
        var body: BodyReader?
        var endBehindBody = End.open
        for piece in pieces {
            pending += piece
            while end == .open {
                if body == nil {
                    guard !pending.isEmpty else { break }
                    let outcome = parse(pending.span)
                    if case .fault = outcome { end = .fault }
                    guard case .head(let head) = outcome else { break }
                    messages.append(Message(head.lines, pending, head.asksForUpgrade))
                    pending.removeFirst(head.length)
                    if head.end == .refused {
                        end = .refused
                        break
                    }
                    endBehindBody = head.end
                    body = BodyReader(head.framing, isAnswer: isAnswer)
                }
                guard var reader = body, let rest = readBody(&reader, pending) else {
                    body = nil
                    break
                }
                pending = rest.bytes
                body = rest.isFinished ? nil : reader
                guard rest.isFinished else { break }
                end = endBehindBody
            }
        }
        if let body, body.endsWithConnection, !messages.isEmpty, end == .open {
            messages[messages.count - 1].isComplete = true
            end = .closes
        }
    }

    /// Nil where the body is malformed.
    private mutating func readBody(
        _ reader: inout BodyReader, _ bytes: [UInt8]
    ) -> (bytes: [UInt8], isFinished: Bool)? {
        var start = 0
        let last = messages.count - 1
        while true {
            switch reader.step(bytes.span, from: start) {
            case .data(let range):
                messages[last].body += bytes[range]
                start = range.upperBound
            case .trailer(let range):
                messages[last].trailer += bytes[range]
                start = range.upperBound
            case .needsMore:
                return ([], false)
            case .finished(let next):
                var parser = FieldSectionParser(isRequest: true)
                guard
                    TrailerWriter.isSound(
                        messages[last].trailer, names: WireNames.requestTrailers, parser: &parser)
                else {
                    end = .fault
                    return nil
                }
                messages[last].isComplete = true
                return (Array(bytes[next...]), true)
            case .fault:
                end = .fault
                return nil
            }
        }
    }
}

extension WireReading.Message {
    fileprivate init(_ lines: [FieldLine], _ bytes: [UInt8], _ asksForUpgrade: Bool) {
        let lineEnd = bytes.firstIndex(of: carriageReturn) ?? bytes.endIndex
        self.init(
            start: Array(bytes[..<lineEnd]),
            fields: lines.map {
                Array(bytes[$0.name.range]) + [0x3A, 0x20] + Array(bytes[$0.value.range])
            }, asksForUpgrade: asksForUpgrade)
    }
}

/// Names and bounds as the gateway has them.
enum WireNames {
    static let injected = ["x-auth-user", "x-auth-roles"]
    static let requests = ReservedNames.requestTable(injected: injected)
    static let answers = ReservedNames.responseTable(injected: injected)
    static let requestTrailers = ReservedNames.requestTrailerTable(injected: injected)
    static let limits = HeadLimits(head: 64 << 10, fields: 200, target: 16 << 10)
}
