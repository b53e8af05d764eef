internal import AccessPolicy
internal import Hummingbird
internal import ReverseProxy

extension Endpoint {
    /// `GET /_ostiary/assertion-jwks.json`: the keys that verify identity assertions. It has nothing to do
    /// with accounts, and is there in a gateway without any.
    static let assertionKeySet = Endpoint(
        "ostiary.assertion_keys", [.get, .head], "/_ostiary/assertion-jwks.json"
    ) { request, services in
        guard let document = services.assertionKeys() else {
            throw EndpointRefusal(
                .notFound, detail: "the policy in force asks for no assertions")
        }
        return publish(document, request)
    }
}
