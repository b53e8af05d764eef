internal import AccessPolicy
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import NIOCore
internal import ReverseProxy

/// What travels with a request through Hummingbird's router.
struct EndpointContext: RequestContext {
    typealias Source = EndpointSource

    var coreContext: CoreRequestContextStorage
    let request: LocalRequest
    let services: EndpointServices

    init(source: EndpointSource) {
        coreContext = CoreRequestContextStorage(source: source)
        request = source.request
        services = source.services
    }
}

struct EndpointSource: RequestContextSource {
    let request: LocalRequest
    let services: EndpointServices

    /// The router has nothing to say: the data plane logs each exchange.
    var logger: Logger { Self.silent }

    private static let silent = Logger(label: "endpoints") { _ in SwiftLogNoOpLogHandler() }
}

extension Request {
    /// As much of the request as routing needs. Handlers take the rest from the context, as the data
    /// plane read it.
    init(routing request: LocalRequest) {
        let head = HTTPRequest(
            method: request.method.httpMethod, scheme: nil, authority: nil,
            path: String(decoding: request.path, as: UTF8.self))
        self.init(head: head, body: RequestBody(buffer: ByteBuffer()))
    }
}

extension Method {
    var httpMethod: HTTPRequest.Method {
        switch self {
        // A handshake is a GET; endpoints of our own take none.
        case .get, .webSocket: .get
        case .head: .head
        case .post: .post
        case .put: .put
        case .patch: .patch
        case .delete: .delete
        case .options: .options
        }
    }
}

extension LocalResponse {
    /// Takes a response out of Hummingbird's hands, body and all. A HEAD keeps the body that its GET
    /// has: the data plane counts it and leaves it out.
    init(collecting response: Response) async throws {
        let collector = BodyCollector()
        try await response.body.write(collector)
        self.init(
            status: response.status.code,
            fields: response.headers.filter { $0.name != .contentLength }
                .map { (name: $0.name.rawName, value: $0.value) },
            body: collector.bytes)
    }
}

/// Used by one task at a time, so it needs no lock and is not Sendable.
private final class BodyCollector: ResponseBodyWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) { bytes += buffer.readableBytesView }

    func finish(_ trailingHeaders: HTTPFields?) {}
}
