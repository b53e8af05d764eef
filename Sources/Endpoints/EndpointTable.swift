package import AccessPolicy
internal import Hummingbird
package import ReverseProxy
package import TokenIssuing

/// The gateway's own endpoints: accounts and sessions below `/_ostiary`, and the two documents of
/// the issuer below `/.well-known/`, where there is an embedded issuer; the keys of identity assertions,
/// where the policy asks for some. Everything else below `/_ostiary` is ours too, and is 404, unless there is
/// neither.
///
/// Hummingbird's router finds the handler; its server is not part of it.
package struct EndpointTable: LocalResponder {
    private let router: RouterResponder<EndpointContext>
    private let services: EndpointServices
    private let endpoints: [Endpoint]
    private let hasAccounts: Bool

    /// The endpoints of a gateway with an embedded issuer.
    ///
    /// - Parameters:
    ///   - issuer: asked for each request; nil while the store cannot be used, which is answered with
    ///     503 `store_unavailable`.
    ///   - documents: what is published, with or without a store.
    ///   - assertionKeys: asked for each request; nil while there are no identity assertions.
    ///   - onFailure: told why the store did not do what it was asked; the client is not.
    package init(
        issuer: @escaping @Sendable () -> TokenIssuer?, documents: IssuerDocuments,
        assertionKeys: @escaping @Sendable () -> PublicDocument?,
        onFailure: @escaping @Sendable (AccountStoreError) -> Void
    ) {
        self.init(
            Endpoint.ofAccounts + [.assertionKeySet],
            EndpointServices(
                issuer: issuer, documents: documents, assertionKeys: assertionKeys,
                onFailure: onFailure), hasAccounts: true)
    }

    /// The endpoints of a gateway without an embedded issuer.
    ///
    /// - Parameter assertionKeys: asked for each request below `/_ostiary`; nil while there are no identity
    ///   assertions, and then the request goes to the app.
    package init(assertionKeys: @escaping @Sendable () -> PublicDocument?) {
        self.init(
            [.assertionKeySet],
            EndpointServices(
                issuer: { nil }, documents: IssuerDocuments(issuer: "", keySet: []),
                assertionKeys: assertionKeys, onFailure: { _ in }), hasAccounts: false)
    }

    private init(_ endpoints: [Endpoint], _ services: EndpointServices, hasAccounts: Bool) {
        self.endpoints = endpoints
        self.services = services
        self.hasAccounts = hasAccounts
        let router = Router(context: EndpointContext.self)
        for endpoint in endpoints {
            for method in endpoint.methods {
                router.on(RouterPath(endpoint.path), method: method.httpMethod) { _, context in
                    try await endpoint.answer(context.request, context.services)
                }
            }
        }
        self.router = router.buildResponder()
    }

    package func endpoint(_ method: Method, _ path: [UInt8]) -> LocalEndpoint? {
        guard hasAccounts || Endpoint.isOwn(path) && services.assertionKeys() != nil else {
            return nil
        }
        guard let endpoint = endpoint(at: path) else {
            return Endpoint.isOwn(path) ? Self.nothing : nil
        }
        return endpoint.methods.contains(method) ? endpoint.local : endpoint.withoutBearer
    }

    /// Whether a policy's route with this pattern could only be reached by requests that are answered
    /// here.
    package static func answers(_ pattern: String, hasAccounts: Bool) -> Bool {
        let path = Array(pattern.utf8)
        return Endpoint.isOwn(path) || hasAccounts && Endpoint.ofAccounts.contains { $0.isAt(path) }
    }

    private func endpoint(at path: [UInt8]) -> Endpoint? { endpoints.first { $0.isAt(path) } }

    package func respond(to request: LocalRequest) async -> LocalResponse {
        do {
            // Looked up here too: the router takes `/a/` for `/a`, and knows no 405.
            guard let endpoint = endpoint(at: request.path) else {
                throw EndpointRefusal(.notFound, detail: "no endpoint has this path")
            }
            guard endpoint.methods.contains(request.method) else {
                throw EndpointRefusal(
                    .methodNotAllowed, detail: "the endpoint does not take this method",
                    fields: [("Allow", endpoint.allowedMethods)])
            }
            let response = try await router.respond(
                to: Request(routing: request),
                context: EndpointContext(
                    source: EndpointSource(request: request, services: services)))
            return try await LocalResponse(collecting: response)
        } catch {
            return Self.refusal(for: error).response
        }
    }

    /// What is not a refusal is a mistake of ours, and its words are not for the client.
    static func refusal(for error: any Error) -> EndpointRefusal {
        error as? EndpointRefusal
            ?? EndpointRefusal(.internalError, detail: "an endpoint failed unexpectedly")
    }

    private static let nothing = LocalEndpoint(id: "ostiary.nothing", needsBearer: false)
}
