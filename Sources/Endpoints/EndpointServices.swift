internal import ReverseProxy
internal import TokenIssuing

/// What handlers work with.
struct EndpointServices: Sendable {
    private let issuer: @Sendable () -> TokenIssuer?
    let documents: IssuerDocuments
    /// What verifies identity assertions; nil while there are none.
    let assertionKeys: @Sendable () -> PublicDocument?
    private let onFailure: @Sendable (AccountStoreError) -> Void

    init(
        issuer: @escaping @Sendable () -> TokenIssuer?, documents: IssuerDocuments,
        assertionKeys: @escaping @Sendable () -> PublicDocument?,
        onFailure: @escaping @Sendable (AccountStoreError) -> Void
    ) {
        self.issuer = issuer
        self.documents = documents
        self.assertionKeys = assertionKeys
        self.onFailure = onFailure
    }

    /// nil: the store cannot be used now.
    var currentIssuer: TokenIssuer? { issuer() }

    func requireIssuer() throws(EndpointRefusal) -> TokenIssuer {
        guard let issuer = issuer() else {
            throw EndpointRefusal(.storeUnavailable, detail: "the store is not open")
        }
        return issuer
    }

    /// Tells what the store did not do to whoever watches over it.
    func report(_ error: IssuerError) {
        if case .storeUnavailable(let failure) = error { onFailure(failure) }
    }

    /// Asks the issuer; what it throws becomes the problem document that says so.
    func ask<Value>(
        _ question: (TokenIssuer) async throws(IssuerError) -> Value
    ) async throws(EndpointRefusal) -> Value {
        let issuer = try requireIssuer()
        do {
            return try await question(issuer)
        } catch {
            report(error)
            throw EndpointRefusal(error)
        }
    }
}
