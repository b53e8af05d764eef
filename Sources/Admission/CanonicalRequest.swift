package import AccessPolicy

/// Where the parts of a request are in the bytes of its head.
package struct RequestParts {
    /// A field that has a meaning only when it is there once.
    package enum Field {
        case none
        case one(Range<Int>)
        case several

        var isThere: Bool {
            if case .none = self { return false }
            return true
        }
    }

    package var method: Range<Int>
    package var target: Range<Int>
    package var host: Range<Int>?
    package var authorization: Field
    package var wantsUpgrade: Bool
    package var origin = Field.none
    /// `Access-Control-Request-Method`.
    package var requestedMethod = Field.none
    /// `Access-Control-Request-Headers`.
    package var requestedHeaders = Field.none

    package init(
        method: Range<Int>, target: Range<Int>, host: Range<Int>?, authorization: Field,
        wantsUpgrade: Bool
    ) {
        self.method = method
        self.target = target
        self.host = host
        self.authorization = authorization
        self.wantsUpgrade = wantsUpgrade
    }

    /// Whether a browser asks in advance whether it may send a request (Fetch § 3.2.2); the method is
    /// looked at elsewhere.
    var isPreflight: Bool { origin.isThere && requestedMethod.isThere }
}

/// The one reading of a request: what the policy matches, and what goes on the wire upstream.
///
/// It can only be made from bytes that have a single meaning. Nothing downstream of it looks at
/// the received target again, so the path that was matched is the path that is forwarded.
package struct CanonicalRequest: ~Copyable {
    /// Buffers of a finished request, kept so that the next one allocates nothing.
    package struct Storage: Sendable {
        fileprivate var path: CanonicalPath?
        fileprivate var text: [UInt8] = []

        package init() {}
    }

    package enum Authorization: Sendable {
        case none
        case one
        case several
    }

    /// What a CORS preflight asks about.
    package enum Preflight: Sendable, Equatable {
        /// The request is none.
        case none
        case method(Method)
        /// About a method that no route can have, or about nothing that could be understood.
        case nothing
    }

    package let method: Method
    package let path: CanonicalPath
    package let authorization: Authorization
    package let wantsUpgrade: Bool
    package let preflight: Preflight
    /// Authority, query, credential, origin and what a preflight asks, one behind the other; see the
    /// ranges below.
    package let text: [UInt8]
    private let hostLength: Int
    private let authorityEnd: Int
    private let queryEnd: Int
    private let credentialEnd: Int
    private let originEnd: Int

    /// Reads the parts of the head in `bytes`; `defaultAuthority` is what an HTTP/1.0 request without
    /// `Host` asks for. Throws the reason why there is no canonical form.
    ///
    /// `relaxations`: what the policy makes of paths that would be refused otherwise.
    package init(
        _ bytes: Span<UInt8>, _ parts: RequestParts, defaultAuthority: [UInt8],
        relaxations: PathRelaxations = .none, recycling storage: consuming Storage
    ) throws(RequestRejection) {
        let method = try Self.method(bytes.extracting(parts.method))

        // Swapped, not copied: a second reference would make the first write copy the buffer.
        var storage = storage
        var text: [UInt8] = []
        swap(&text, &storage.text)
        text.removeAll(keepingCapacity: true)
        let hostLength = try Self.appendAuthority(bytes, parts.host, defaultAuthority, to: &text)
        let authorityEnd = text.count

        let target = bytes.extracting(parts.target)
        let pathEnd = Self.endOfPath(target)
        let path = try Self.path(target.extracting(0..<pathEnd), relaxations, storage.path.take())
        try Self.checkQuery(target, from: pathEnd)
        Self.append(target.extracting(pathEnd..<target.count), to: &text)
        let queryEnd = text.count

        let authorization: Authorization
        switch parts.authorization {
        case .none:
            authorization = .none
        case .several:
            authorization = .several
        case .one(let range):
            authorization = .one
            Self.append(bytes.extracting(range), to: &text)
        }
        let credentialEnd = text.count
        if case .one(let range) = parts.origin { Self.append(bytes.extracting(range), to: &text) }
        let originEnd = text.count
        let preflight =
            method == .options && parts.isPreflight
            ? Self.preflight(bytes, parts, to: &text) : Preflight.none
        // All at once: a noncopyable value cannot be thrown away half made.
        self.method = method
        self.path = path
        self.authorization = authorization
        self.text = text
        self.hostLength = hostLength
        self.authorityEnd = authorityEnd
        self.queryEnd = queryEnd
        self.credentialEnd = credentialEnd
        self.originEnd = originEnd
        self.preflight = preflight
        wantsUpgrade = parts.wantsUpgrade
    }

    private static func appendAuthority(
        _ bytes: Span<UInt8>, _ host: Range<Int>?, _ defaultAuthority: [UInt8],
        to text: inout [UInt8]
    ) throws(RequestRejection) -> Int {
        let length =
            if let host {
                Authority.canonicalise(bytes.extracting(host), into: &text)
            } else {
                Authority.canonicalise(defaultAuthority.span, into: &text)
            }
        guard let length else { throw RequestRejection(.badFraming, "host is no authority") }
        return length
    }

    private static func path(
        _ target: Span<UInt8>, _ relaxations: PathRelaxations,
        _ old: consuming CanonicalPath?
    ) throws(RequestRejection) -> CanonicalPath {
        do throws(TargetRejection) {
            return try CanonicalPath(parsing: target, relaxations: relaxations, recycling: old)
        } catch {
            throw RequestRejection(.badTarget, error.detail)
        }
    }

    /// Lower-case name or address, without a port.
    package var hostRange: Range<Int> { 0..<hostLength }

    /// What goes into `Host`.
    package var authorityRange: Range<Int> { 0..<authorityEnd }

    /// The query with its `?`, byte for byte as received; empty where there is none.
    package var queryRange: Range<Int> { authorityEnd..<queryEnd }

    /// The query without its `?`.
    var plainQueryRange: Range<Int> { min(authorityEnd + 1, queryEnd)..<queryEnd }

    /// The value of `Authorization`; empty unless there was exactly one.
    package var credentialRange: Range<Int> { queryEnd..<credentialEnd }

    /// The value of `Origin`; empty unless there was exactly one.
    var originRange: Range<Int> { credentialEnd..<originEnd }

    /// The names of `Access-Control-Request-Headers`, in a preflight.
    var requestedHeadersRange: Range<Int> { originEnd..<text.count }

    /// Gives the buffers back for the next request.
    package consuming func recycled() -> Storage {
        var storage = Storage()
        storage.path = path
        storage.text = text
        return storage
    }

    /// Appends the names of the fields that a page would set. What is there twice says nothing.
    private static func preflight(
        _ bytes: Span<UInt8>, _ parts: RequestParts, to text: inout [UInt8]
    ) -> Preflight {
        guard case .one = parts.origin, case .one(let range) = parts.requestedMethod,
            let method = try? Self.method(bytes.extracting(range))
        else { return .nothing }
        switch parts.requestedHeaders {
        case .none: break
        case .one(let range): append(bytes.extracting(range), to: &text)
        case .several: return .nothing
        }
        return .method(method)
    }

    private static func append(_ source: Span<UInt8>, to text: inout [UInt8]) {
        unsafe source.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
    }

    private static func endOfPath(_ target: Span<UInt8>) -> Int {
        var index = 0
        while index < target.count, target[index] != 0x3F { index &+= 1 }
        return index
    }

    /// A query is never matched and passes through as it is, but it must be one piece of a request
    /// line to every reader: no control bytes, no white space, no fragment, ASCII only.
    private static func checkQuery(
        _ target: Span<UInt8>, from start: Int
    ) throws(RequestRejection) {
        var index = start
        while index < target.count {
            let byte = target[index]
            guard byte > 0x20, byte < 0x7F, byte != 0x23 else {
                throw RequestRejection(.badTarget, "byte in the query that must be encoded")
            }
            index &+= 1
        }
    }

    private static func method(_ name: Span<UInt8>) throws(RequestRejection) -> Method {
        for method in Method.ofRequests where name.isEqual(to: method.wireName) { return method }
        if name.isEqual(to: "TRACE") || name.isEqual(to: "CONNECT") {
            throw RequestRejection(.methodNotAllowed, "method is never forwarded")
        }
        throw RequestRejection(.methodUnknown, "method is not known")
    }
}

extension Span<UInt8> {
    func isEqual(to word: StaticString) -> Bool {
        guard count == word.utf8CodeUnitCount else { return false }
        return word.withUTF8Buffer { letters in
            for index in 0..<letters.count {
                if unsafe self[index] != letters[index] { return false }
            }
            return true
        }
    }
}
