import AccessPolicy

@testable import Admission

/// The parts of a request as a test writes them.
struct RequestText: Sendable {
    var method = "GET"
    var target = "/public/a"
    var host: String? = "app.test"
    var authorization: [String] = []
    var wantsUpgrade = false
    var origin: [String] = []
    var requestedMethod: [String] = []
    var requestedHeaders: [String] = []
    var defaultAuthority = "127.0.0.1:8050"

    /// The canonical request, made from bytes as they lie in a head.
    func canonical(
        recycling storage: consuming CanonicalRequest.Storage = CanonicalRequest.Storage()
    ) throws(RequestRejection) -> CanonicalRequest {
        var bytes: [UInt8] = []
        func place(_ text: String) -> Range<Int> {
            let start = bytes.count
            // One byte per character, so that a test can write any byte.
            bytes += text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            defer { bytes.append(0x20) }
            return start..<bytes.count
        }
        let method = place(method)
        let target = place(target)
        let host = host.map(place)
        func field(_ values: [String]) -> RequestParts.Field {
            let ranges = values.map(place)
            return ranges.count > 1 ? .several : ranges.first.map { .one($0) } ?? .none
        }
        var parts = RequestParts(
            method: method, target: target, host: host, authorization: field(authorization),
            wantsUpgrade: wantsUpgrade)
        parts.origin = field(origin)
        parts.requestedMethod = field(requestedMethod)
        parts.requestedHeaders = field(requestedHeaders)
        return try CanonicalRequest(
            bytes.span, parts, defaultAuthority: Array(defaultAuthority.utf8), recycling: storage)
    }

    /// What the canonical request holds; nil when there is none.
    var reading: Reading? {
        guard let request = try? canonical() else { return nil }
        return Reading(request)
    }

    /// Why there is no canonical request.
    var rejection: ReasonCode? {
        do throws(RequestRejection) {
            _ = try canonical()
            return nil
        } catch {
            return error.code
        }
    }
}

/// The texts of a canonical request.
struct Reading: Equatable {
    let method: String
    let path: String
    let host: String
    let authority: String
    let query: String
    let credential: String

    init(_ request: borrowing CanonicalRequest) {
        let text = request.text
        method = "\(request.method.wireName)"
        path = request.path.description
        host = String(decoding: text[request.hostRange], as: UTF8.self)
        authority = String(decoding: text[request.authorityRange], as: UTF8.self)
        query = String(decoding: text[request.queryRange], as: UTF8.self)
        credential = String(decoding: text[request.credentialRange], as: UTF8.self)
    }
}
