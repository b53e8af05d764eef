internal import AccessPolicy
internal import Hummingbird
internal import ReverseProxy
internal import TokenIssuing

extension Endpoint {
    /// `POST /_ostiary/v1/sign-out`: ends sessions. A request that starts after the answer is refused
    /// if it carries a token of one of them.
    static let signOut = Endpoint(
        "ostiary.sign_out", [.post], "/_ostiary/v1/sign-out", needsBearer: true
    ) { request, services in
        let caller = try Caller(of: request)
        let scope = try scope(request)
        try await services.ask { issuer throws(IssuerError) in
            try await issuer.signOut(scope, session: caller.session, account: caller.account)
        }
        return .noContent
    }

    /// Without a body: this session.
    private static func scope(_ request: LocalRequest) throws(EndpointRefusal) -> SignOutScope {
        guard !request.body.isEmpty else { return .here }
        var form = try JSONForm(request)
        var scope: SignOutScope? = .here
        switch form.read("scope") {
        case .keep: break
        case .clear: scope = nil
        case .set(let text): scope = SignOutScope(rawValue: text)
        }
        if scope == nil {
            form.note(
                FieldError("scope", .malformed, "must be `here`, `others` or `everywhere`"))
        }
        try form.finish()
        return scope ?? .here
    }
}
