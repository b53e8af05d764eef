import TestSupport

@testable import ReverseProxy

/// What a head parser says about some bytes, in a form that tests can compare.
enum HeadReading: Equatable {
    case head(Head)
    case needsMore
    case fault(FramingFault)

    struct Head: Equatable {
        let length: Int
        /// `GET /a 1`, or the status.
        let start: String
        /// `kind name=value` of each line.
        let lines: [String]
        let framing: BodyFraming
        let keepsAlive: Bool
    }

    var head: Head? {
        guard case .head(let head) = self else { return nil }
        return head
    }

    var fault: FramingFault? {
        guard case .fault(let fault) = self else { return nil }
        return fault
    }
}

let usualLimits = HeadLimits(head: 64 << 10, fields: 200, target: 16 << 10)
let requestNames = ReservedNames.requestTable(injected: ["x-auth-user", "x-auth-roles"])
let responseNames = ReservedNames.responseTable(injected: ["x-auth-user", "x-auth-roles"])

func readRequest(_ bytes: [UInt8], _ limits: HeadLimits = usualLimits) -> HeadReading {
    var parser = RequestHeadParser()
    switch parser.parse(bytes.span, names: requestNames, limits: limits) {
    case .needsMore:
        return .needsMore
    case .fault(let fault):
        return .fault(fault)
    case .head(let head):
        let start = "\(text(head.method, bytes)) \(text(head.target, bytes)) \(head.minorVersion)"
        return .head(
            HeadReading.Head(
                length: head.length, start: start, lines: describe(parser.fields.lines, bytes),
                framing: head.framing, keepsAlive: head.keepsAlive))
    }
}

func readRequest(_ text: String, _ limits: HeadLimits = usualLimits) -> HeadReading {
    readRequest(wireBytes(text), limits)
}

func readAnswer(
    _ bytes: [UInt8], toHead: Bool = false, limits: HeadLimits = usualLimits
) -> HeadReading {
    var parser = ResponseHeadParser()
    switch parser.parse(bytes.span, names: responseNames, limits: limits) {
    case .needsMore:
        return .needsMore
    case .fault(let fault):
        return .fault(fault)
    case .head(let head):
        let start = "\(head.status)" + text(head.statusAndReason, bytes)
        return .head(
            HeadReading.Head(
                length: head.length, start: start, lines: describe(parser.fields.lines, bytes),
                framing: head.framing(answeringHead: toHead), keepsAlive: head.keepsAlive))
    }
}

func readAnswer(
    _ text: String, toHead: Bool = false, limits: HeadLimits = usualLimits
) -> HeadReading {
    readAnswer(wireBytes(text), toHead: toHead, limits: limits)
}

func text(_ range: ByteRange, _ bytes: [UInt8]) -> String { latin1(bytes[range.range]) }

private func describe(_ lines: [FieldLine], _ bytes: [UInt8]) -> [String] {
    lines.map { "\($0.kind) \(text($0.name, bytes))=\(text($0.value, bytes))" }
}

/// A request with these field lines behind its `Host`.
func request(_ fields: String...) -> String { request(fields) }

func request(_ fields: [String]) -> String {
    "POST /a HTTP/1.1\r\nHost: app.test\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
}
