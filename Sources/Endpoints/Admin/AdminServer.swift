internal import HTTPTypes
internal import Hummingbird
package import Logging
internal import NIOCore
internal import StrictJSON

/// What an operator's tools ask, on an address of its own that clients of the app cannot reach:
/// `GET /readyz` and `GET /metrics`. Only under a name of this machine: pages in its browsers cannot ask.
package struct AdminServer: Sendable {
    /// Whether requests can be served as they should be, and if not, why not: a sentence each.
    package struct Readiness: Sendable, Equatable {
        package let causes: [String]

        package init(causes: [String]) { self.causes = causes }

        package var isReady: Bool { causes.isEmpty }
    }

    private let host: String
    private let port: Int
    private let readiness: @Sendable () -> Readiness
    private let metrics: @Sendable () -> String
    private let logger: Logger

    /// `readiness` and `metrics`, which is Prometheus' text format 0.0.4, are asked for each request.
    package init(
        host: String, port: Int, readiness: @escaping @Sendable () -> Readiness,
        metrics: @escaping @Sendable () -> String, logger: Logger
    ) {
        self.host = host
        self.port = port
        self.readiness = readiness
        self.metrics = metrics
        self.logger = logger
    }

    /// Serves until the service group that it runs in is told to stop; `listening` is told the port.
    package func run(listening: @escaping @Sendable (Int) -> Void = { _ in }) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.get("readyz") { [readiness] request, _ in
            LocalName.isMeant(by: request.head.authority)
                ? Self.answer(readiness()) : Response(status: .misdirectedRequest)
        }
        router.get("metrics") { [metrics] request, _ in
            LocalName.isMeant(by: request.head.authority)
                ? Self.answer(metrics()) : Response(status: .misdirectedRequest)
        }
        var quiet = logger
        quiet.logLevel = .error
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { channel in listening(channel.localAddress?.port ?? 0) },
            logger: quiet)
        try await application.run()
    }

    private static func answer(_ readiness: Readiness) -> Response {
        let document = JSONValue.object([
            JSONMember(name: "ready", value: .bool(readiness.isReady)),
            JSONMember(name: "causes", value: .array(readiness.causes.map { .string($0) })),
        ])
        return response(
            readiness.isReady ? .ok : .serviceUnavailable, "application/json",
            JSONWriter.write(document) + [0x0A])
    }

    private static func answer(_ metrics: String) -> Response {
        response(.ok, "text/plain; version=0.0.4; charset=utf-8", Array(metrics.utf8))
    }

    private static func response(
        _ status: HTTPResponse.Status, _ type: String, _ body: [UInt8]
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
