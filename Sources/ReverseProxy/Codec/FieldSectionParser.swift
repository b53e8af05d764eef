/// Reads the field lines of a head in place (RFC 9112 § 5): ranges over the bytes, no strings.
///
/// Refused: bare CR or LF, folded lines, space before the colon, empty or malformed names, control
/// bytes in values, repeated, signed or listed lengths, any transfer coding but exactly `chunked`.
struct FieldSectionParser: ~Copyable {
    enum Outcome {
        case complete(end: Int)
        case needsMore
        case fault(FramingFault)
    }

    /// The lines of the last head; the array's storage is kept from head to head.
    private(set) var lines: [FieldLine] = []
    private(set) var facts = FieldFacts()
    /// Field names that an answer's `Connection` nominates. A request's are refused.
    private(set) var nominated: [ByteRange] = []
    private let isRequest: Bool

    init(isRequest: Bool) {
        self.isRequest = isRequest
        lines.reserveCapacity(32)
    }

    /// Reads the lines from `start`, the offset behind the message's first line.
    mutating func parse(
        _ bytes: Span<UInt8>, from start: Int, names: FieldNameTable, limits: HeadLimits
    ) -> Outcome {
        lines.removeAll(keepingCapacity: true)
        if !nominated.isEmpty { nominated.removeAll() }
        facts = FieldFacts()
        let count = bytes.count
        var index = start
        while true {
            guard index < count else { return .needsMore }
            if bytes[index] == carriageReturn {
                guard index &+ 1 < count else { return .needsMore }
                guard bytes[index &+ 1] == lineFeed else { return .fault(.lineEnd) }
                if facts.isChunked, facts.contentLength != nil { return .fault(.bothLengths) }
                return .complete(end: index &+ 2)
            }
            if lines.count == limits.fields { return .fault(.headTooLarge) }

            let nameStart = index
            var isPlain = true
            while index < count {
                let byte = bytes[index]
                if !ByteRules.isPlainName(byte) {
                    guard ByteRules.isToken(byte) else { break }
                    isPlain = false
                }
                index &+= 1
            }
            guard index < count else { return .needsMore }
            let name = ByteRange(nameStart, index)
            guard bytes[index] == 0x3A, !name.isEmpty else {
                return .fault(
                    name.isEmpty && isBlank(bytes[index]) ? .obsoleteFold : .fieldName)
            }
            index &+= 1

            let afterColon = index
            while index < count, isBlank(bytes[index]) { index &+= 1 }
            let valueStart = index
            index = bytes.firstControl(from: index)
            guard index &+ 1 < count else {
                if index < count, bytes[index] != carriageReturn { return .fault(.fieldValue) }
                return .needsMore
            }
            guard bytes[index] == carriageReturn else {
                return .fault(bytes[index] == lineFeed ? .lineEnd : .fieldValue)
            }
            guard bytes[index &+ 1] == lineFeed else { return .fault(.lineEnd) }
            var valueEnd = index
            while valueEnd > valueStart, isBlank(bytes[valueEnd &- 1]) { valueEnd &-= 1 }
            let isNormal =
                valueEnd == index && valueStart == afterColon &+ 1 && bytes[afterColon] == 0x20
            index &+= 2

            let kind = isPlain ? names.kind(of: name, in: bytes) : uncleanKind(name, bytes, names)
            let value = ByteRange(valueStart, valueEnd)
            if kind != .ordinary {
                if let fault = note(kind, value, bytes) { return .fault(fault) }
            }
            lines.append(
                FieldLine(name: name, value: value, end: index, kind: kind, isNormal: isNormal))
        }
    }

    /// A client's unclean names are never passed on. An answer's are, apps have them, unless somebody
    /// could take them for a name that is not.
    private func uncleanKind(
        _ name: ByteRange, _ bytes: Span<UInt8>, _ names: FieldNameTable
    ) -> FieldKind {
        isRequest || names.foldedKind(of: name, in: bytes) == .ordinary ? .unclean : .reserved
    }

    private mutating func note(
        _ kind: FieldKind, _ value: ByteRange, _ bytes: Span<UInt8>
    ) -> FramingFault? {
        switch kind {
        case .ordinary, .unclean, .reserved, .hopByHop:
            return nil
        case .contentLength:
            guard facts.contentLength == nil, let length = Self.length(value, bytes) else {
                return .contentLength
            }
            facts.contentLength = length
        case .transferEncoding:
            guard !facts.hasTransferEncoding, bytes.spells("chunked", in: value),
                Self.endsWithoutTab(value, bytes)
            else {
                return .transferEncoding
            }
            facts.hasTransferEncoding = true
            facts.isChunked = true
        case .connection:
            return noteConnection(value, bytes)
        case .upgrade:
            facts.upgrade.note(value)
            if Self.list(value, bytes, contains: "websocket") { facts.upgradesToWebSocket = true }
        case .host:
            facts.host = value
            facts.hostCount += 1
        case .authorization:
            facts.authorization = value
            facts.authorizationCount += 1
        case .origin:
            facts.origin = value
            facts.originCount += 1
        case .requestedMethod:
            facts.requestedMethod = value
            facts.requestedMethodCount += 1
        case .requestedHeaders:
            facts.requestedHeaders = value
            facts.requestedHeadersCount += 1
        case .expect:
            guard !isRequest || bytes.spells("100-continue", in: value) else {
                return .expectation
            }
            facts.expectsContinue = true
        case .forwardedFor:
            facts.forwardedFor = value
            facts.forwardedForCount += 1
        case .forwardedProto:
            facts.forwardedProto = value
            facts.forwardedProtoCount += 1
        case .forwardedHost:
            facts.forwardedHost = value
            facts.forwardedHostCount += 1
        case .webSocketKey: facts.webSocket.key.note(value)
        case .webSocketVersion: facts.webSocket.version.note(value)
        case .webSocketAccept: facts.webSocket.accept.note(value)
        case .webSocketProtocol: facts.webSocket.subprotocol.note(value)
        case .webSocketExtensions: facts.webSocket.extensions.note(value)
        }
        return nil
    }

    /// Digits only: no sign, no list, no leading `0x`; at most 18 of them, so it cannot overflow.
    private static func length(_ value: ByteRange, _ bytes: Span<UInt8>) -> Int64? {
        guard !value.isEmpty, value.count <= 18 else { return nil }
        var length: Int64 = 0
        for index in value.start..<value.end {
            guard ByteRules.isDigit(bytes[index]) else { return nil }
            length = length &* 10 &+ Int64(bytes[index] &- 0x30)
        }
        return endsWithoutTab(value, bytes) ? length : nil
    }

    /// A tab may stand behind a value (RFC 9110 § 5.5), but readers differ about it where a body is framed:
    /// llhttp refuses it there.
    private static func endsWithoutTab(_ value: ByteRange, _ bytes: Span<UInt8>) -> Bool {
        var index = value.end
        while bytes[index] == 0x20 { index &+= 1 }
        return bytes[index] == carriageReturn
    }

    /// A client that nominates an end-to-end field asks the proxy to delete it on the way: our
    /// identity fields, `Host`, the length. Nobody honest does, so only connection options pass.
    private mutating func noteConnection(
        _ value: ByteRange, _ bytes: Span<UInt8>
    ) -> FramingFault? {
        var index = value.start
        while let option = Self.nextElement(of: value, bytes, from: &index) {
            if bytes.spells("close", in: option) {
                facts.wantsClose = true
            } else if bytes.spells("keep-alive", in: option) {
                facts.wantsKeepAlive = true
            } else if bytes.spells("upgrade", in: option) {
                facts.nominatesUpgrade = true
            } else if !Self.isConnectionOption(option, bytes) {
                // An upstream may name its own fields; they are then left out of the answer.
                if isRequest { return .connectionField }
                nominated.append(option)
            }
        }
        return nil
    }

    private static func isConnectionOption(_ option: ByteRange, _ bytes: Span<UInt8>) -> Bool {
        bytes.spells("te", in: option) || bytes.spells("trailer", in: option)
            || bytes.spells("http2-settings", in: option)
            || bytes.spells("proxy-connection", in: option)
    }

    private static func list(
        _ value: ByteRange, _ bytes: Span<UInt8>, contains word: StaticString
    ) -> Bool {
        var index = value.start
        while let element = nextElement(of: value, bytes, from: &index) {
            if bytes.spells(word, in: element) { return true }
        }
        return false
    }

    /// The next element of a comma-separated list (RFC 9110 § 5.6.1), without the blanks around it;
    /// empty elements are skipped. `index` moves behind it.
    private static func nextElement(
        of value: ByteRange, _ bytes: Span<UInt8>, from index: inout Int
    ) -> ByteRange? {
        while index < value.end, isBlank(bytes[index]) || bytes[index] == 0x2C { index &+= 1 }
        guard index < value.end else { return nil }
        let start = index
        while index < value.end, bytes[index] != 0x2C { index &+= 1 }
        var end = index
        while isBlank(bytes[end &- 1]) { end &-= 1 }
        return ByteRange(start, end)
    }
}
