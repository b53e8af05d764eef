internal import AccessPolicy
internal import Admission
internal import NIOCore

/// A request for one of the gateway's own endpoints while it is read and answered.
struct LocalExchange {
    /// Complete but for its body.
    let request: LocalRequest
    var body: [UInt8] = []
}

/// Which paths may be our own, so that all others pay a comparison for it.
enum OwnPaths {
    @inline(__always)
    static func mayHold(_ path: [UInt8]) -> Bool {
        path.count > 2 && (path[1] == 0x5F || path[1] == 0x2E)
            && (path.starts(with: "/_ostiary".utf8) || path.starts(with: "/.well-known/".utf8))
    }
}

extension LocalRequest {
    /// The request without its body.
    init(
        _ endpoint: LocalEndpoint, _ request: borrowing CanonicalRequest,
        lines: [FieldLine], of source: Span<UInt8>, clientAddress: String, bearer: KnownBearer?
    ) {
        func text(_ range: Range<Int>) -> String {
            unsafe source.extracting(range).withUnsafeBufferPointer {
                unsafe String(decoding: $0, as: UTF8.self)
            }
        }
        self.init(
            endpoint: endpoint, method: request.method, path: request.path.bytes,
            query: Array(request.text[request.queryRange]),
            fields: lines.filter { $0.kind == .ordinary }.map { line in
                (name: text(line.name.range).lowercased(), value: text(line.value.range))
            },
            clientAddress: clientAddress, bearer: bearer)
    }

    /// The same request with its body.
    func with(body: [UInt8]) -> LocalRequest {
        LocalRequest(
            endpoint: endpoint, method: method, path: path, query: query, fields: fields,
            body: body, clientAddress: clientAddress, bearer: bearer)
    }
}
