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
    /// In either view.
    @inline(__always)
    static func mayHold(_ path: borrowing CanonicalPath) -> Bool {
        mayBegin(path.bytes) || !path.isFolded && mayBegin(path.foldedBytes)
    }

    /// What somebody who forgives everything, letter case included, could take the path for.
    static func folded(_ path: borrowing CanonicalPath) -> [UInt8] {
        path.foldedBytes.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    }

    /// Nobody else's paths begin with these bytes, or hardly any.
    @inline(__always)
    private static func mayBegin(_ path: [UInt8]) -> Bool {
        path.count > 2 && (path[1] == 0x5F || path[1] == 0x2E)
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
            fields: lines.filter(\.kind.isPassedOn).map { line in
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
