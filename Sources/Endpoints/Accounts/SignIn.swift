internal import AccessPolicy
internal import Cryptography
internal import Hummingbird
internal import ReverseProxy
internal import StrictJSON
internal import TokenIssuing

extension Endpoint {
    /// `POST /_ostiary/v1/sign-in`: opens a session. A credential that comes along is not looked at.
    static let signIn = Endpoint(
        "ostiary.sign_in", [.post], "/_ostiary/v1/sign-in"
    ) { request, services in
        var form = try JSONForm(request)
        let login = form.required("login")
        let password = form.required("password")
        try form.finish()
        let client = ClientDescription(
            address: request.clientAddress, userAgent: request.values("user-agent").first ?? "")
        let tokens = try await services.ask { issuer throws(IssuerError) in
            try await issuer.signIn(login ?? "", password: password ?? "", from: client)
        }
        return Response(
            json: .object(
                JSONMember.tokens(tokens) + [
                    JSONMember(name: "session_id", value: .string(tokens.session.description)),
                    JSONMember(name: "user", value: .user(tokens.account)),
                ]))
    }
}

extension JSONMember {
    /// The members of RFC 6749 § 5.1.
    static func tokens(_ tokens: IssuedTokens) -> [JSONMember] {
        [
            JSONMember(name: "access_token", value: .string(tokens.accessToken)),
            JSONMember(name: "token_type", value: .string("Bearer")),
            JSONMember(name: "expires_in", value: .number(JSONNumber(tokens.expiresIn))),
            JSONMember(name: "refresh_token", value: .string(tokens.refreshToken)),
        ]
    }
}
