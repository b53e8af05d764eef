internal import AccessPolicy
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import ReverseProxy

extension Endpoint {
    /// `GET /.well-known/jwks.json`: the keys that verify our tokens, whether or not the store is there.
    static let keySet = Endpoint(
        "ostiary.keys", [.get, .head], IssuerDocuments.keySetPath
    ) { request, services in
        publish(services.documents.keySet, request)
    }

    /// `GET /.well-known/oauth-authorization-server`.
    static let metadata = Endpoint(
        "ostiary.metadata", [.get, .head], IssuerDocuments.metadataPath
    ) { request, services in
        publish(services.documents.metadata, request)
    }

    static func publish(_ document: PublicDocument, _ request: LocalRequest) -> Response {
        var response = Response(
            status: .ok,
            headers: [
                .cacheControl: "public, max-age=300", .eTag: document.entityTag,
                .xContentTypeOptions: "nosniff",
            ])
        if document.isNamed(in: request.values("if-none-match")) {
            response.status = .notModified
        } else {
            response.headers[.contentType] = "application/json"
            response.body = ResponseBody(byteBuffer: ByteBuffer(bytes: document.bytes))
        }
        return response
    }
}
