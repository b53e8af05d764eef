internal import Admission

extension RequestHead {
    /// Where the parts are that a canonical request is made of.
    var parts: RequestParts {
        func field(_ value: ByteRange, _ count: Int) -> RequestParts.Field {
            switch count {
            case 0: .none
            case 1: .one(value.range)
            default: .several
            }
        }
        var parts = RequestParts(
            method: method.range, target: target.range,
            host: facts.hostCount == 1 ? facts.host.range : nil,
            authorization: field(facts.authorization, facts.authorizationCount),
            wantsUpgrade: facts.upgradesToWebSocket)
        guard facts.originCount > 0 else { return parts }
        parts.origin = field(facts.origin, facts.originCount)
        parts.requestedMethod = field(facts.requestedMethod, facts.requestedMethodCount)
        parts.requestedHeaders = field(facts.requestedHeaders, facts.requestedHeadersCount)
        return parts
    }
}

extension ByteRange {
    var range: Range<Int> { start..<end }
}
