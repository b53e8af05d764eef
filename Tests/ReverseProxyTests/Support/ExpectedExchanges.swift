import AccessPolicy
import Admission
import TestSupport

@testable import ReverseProxy

/// What a proxy must make of all that a client sends, worked out without a socket and a proxy.
struct ExpectedExchanges {
    struct Forwarded: Equatable {
        /// Method, the path that was matched, and the query as received.
        let requestLine: String
        let identity: [String]
        var body: [UInt8] = []
        var trailer: [String] = []
    }

    struct Answer {
        /// Whether it is the app's.
        var isForwarded: Bool
        let toHead: Bool
    }

    private(set) var forwarded: [Forwarded] = []
    private(set) var answers: [Answer] = []
    /// Whether the connection ends behind the last answer.
    private(set) var closes = false
    /// Whether the last message is not complete.
    private(set) var waits = false

    private let gatekeeper: Gatekeeper
    private let trailerNames: FieldNameTable

    init(of bytes: [UInt8], gatekeeper: Gatekeeper) {
        self.gatekeeper = gatekeeper
        trailerNames = ReservedNames.requestTrailerTable(injected: ["x-auth-user", "x-auth-roles"])
        var rest = bytes[...]
        while !rest.isEmpty, !closes, !waits { rest = exchange(Array(rest)) }
    }

    /// - Returns: what is left of the bytes.
    private mutating func exchange(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        var parser = RequestHeadParser()
        switch parser.parse(bytes.span, names: requestNames, limits: usualLimits) {
        case .needsMore:
            waits = true
            return []
        case .fault:
            answers.append(Answer(isForwarded: false, toHead: false))
            closes = true
            return []
        case .head(let head):
            let answer = Answer(
                isForwarded: false, toHead: text(head.method, bytes) == "HEAD")
            var request: Forwarded
            switch decide(head, bytes) {
            case .forward(let forwarded): request = forwarded
            case .answer(let mustClose):
                answers.append(answer)
                // The body of what is not forwarded is not read.
                closes =
                    mustClose || !head.keepsAlive || head.framing != .none || head.minorVersion == 0
                return bytes[head.length...]
            }
            guard let end = readBody(head, bytes, &request) else {
                if closes { answers.append(answer) }
                return []
            }
            forwarded.append(request)
            answers.append(Answer(isForwarded: true, toHead: answer.toHead))
            closes = !head.keepsAlive
            return bytes[end...]
        }
    }

    private enum Fate {
        case forward(Forwarded)
        /// By the gateway itself.
        case answer(mustClose: Bool)
    }

    private func decide(_ head: RequestHead, _ bytes: [UInt8]) -> Fate {
        do throws(RequestRejection) {
            return admit(
                try CanonicalRequest(
                    bytes.span, head.parts, defaultAuthority: wireBytes("127.0.0.1:1"),
                    recycling: CanonicalRequest.Storage()))
        } catch {
            return .answer(mustClose: error.code.closesConnection)
        }
    }

    private func admit(_ request: consuming CanonicalRequest) -> Fate {
        let arrival = Arrival(
            client: IPAddress("127.0.0.1"), now: Int64(unixTime()), milliseconds: 0)
        switch gatekeeper.admit(request, arrival) {
        case .preflight:
            return .answer(mustClose: false)
        case .refused(let refusal):
            return .answer(mustClose: refusal.code.closesConnection)
        case .needs(_, otherwise: let refusal):
            return .answer(mustClose: refusal.code.closesConnection)
        case .admitted(let permit):
            let query = Array(permit.request.text[permit.request.queryRange])
            return .forward(
                Forwarded(
                    requestLine: "\(permit.request.method.wireName) "
                        + latin1(permit.request.path.bytes + query) + " HTTP/1.1",
                    identity: permit.bearer == nil ? [] : ["alice"]))
        }
    }

    /// Where the body ends; nil when it does not.
    private mutating func readBody(
        _ head: RequestHead, _ bytes: [UInt8], _ request: inout Forwarded
    ) -> Int? {
        var reader = BodyReader(head.framing)
        var start = head.length
        var trailer: [UInt8] = []
        while true {
            switch reader.step(bytes.span, from: start) {
            case .data(let range):
                request.body += bytes[range]
                start = range.upperBound
            case .trailer(let range):
                trailer += bytes[range]
                start = range.upperBound
            case .needsMore:
                waits = true
                return nil
            case .fault:
                closes = true
                return nil
            case .finished(let next):
                var parser = FieldSectionParser(isRequest: true)
                guard TrailerWriter.isSound(trailer, names: trailerNames, parser: &parser) else {
                    closes = true
                    return nil
                }
                var writer = ByteWriter()
                TrailerWriter.write(
                    trailer, names: trailerNames, parser: &parser, into: &writer)
                request.trailer = latin1(writer.bytes).split(separator: "\r\n").dropFirst()
                    .map(String.init)
                return next
            }
        }
    }
}
