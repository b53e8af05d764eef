internal import AccessPolicy
internal import HTTPTypes
internal import Hummingbird
internal import ReverseProxy
internal import StrictJSON
internal import TokenIssuing

extension Endpoint {
    /// `POST /_ostiary/oauth/token`: trades a refresh token for fresh tokens (RFC 6749 § 6). Whoever
    /// holds the refresh token is the client; there are no client secrets.
    static let token = Endpoint(
        "ostiary.token", [.post], IssuerDocuments.tokenPath
    ) { request, services in
        let grant = try RefreshGrant(request)
        guard let issuer = services.currentIssuer else {
            throw EndpointRefusal(
                .temporarilyUnavailable, .storeUnavailable, detail: "the store is not open")
        }
        guard grant.clientID == nil || grant.clientID == issuer.settings.clientID else {
            throw EndpointRefusal(.invalidClient, "this `client_id` is not known here")
        }
        let tokens: IssuedTokens
        do throws(IssuerError) {
            tokens = try await issuer.refresh(grant.refreshToken, clientID: grant.clientID)
        } catch {
            services.report(error)
            throw EndpointRefusal(refresh: error)
        }
        var response = Response(json: .object(JSONMember.tokens(tokens)))
        // RFC 6749 § 5.1 asks for both.
        if let pragma = HTTPField.Name("Pragma") { response.headers[pragma] = "no-cache" }
        return response
    }
}

/// The parameters of a refresh, once read.
private struct RefreshGrant {
    let refreshToken: String
    let clientID: String?

    init(_ request: LocalRequest) throws(EndpointRefusal) {
        guard MediaType(of: request) == .form else {
            throw EndpointRefusal(
                .invalidRequest, "the body must be application/x-www-form-urlencoded")
        }
        let parameters: FormParameters
        do {
            parameters = try FormParameters(request.body)
        } catch {
            throw EndpointRefusal(.invalidRequest, "the body is malformed: \(error.detail)")
        }
        guard let grantType = parameters["grant_type"] else {
            throw EndpointRefusal(.invalidRequest, "`grant_type` is missing")
        }
        guard grantType == "refresh_token" else {
            throw EndpointRefusal(
                .unsupportedGrantType, "the only `grant_type` here is `refresh_token`")
        }
        guard let refreshToken = parameters["refresh_token"] else {
            throw EndpointRefusal(.invalidRequest, "`refresh_token` is missing")
        }
        guard parameters["client_secret"] == nil, parameters["client_assertion"] == nil else {
            throw EndpointRefusal(.invalidClient, "clients have no secret here; send none")
        }
        guard parameters["scope"] == nil else {
            throw EndpointRefusal(.invalidScope, "sessions have no scopes here; send none")
        }
        self.refreshToken = refreshToken
        clientID = parameters["client_id"]
    }
}

extension EndpointRefusal {
    /// What the issuer says no to at the token endpoint: a 4xx only if no repetition can mend it.
    fileprivate init(refresh error: IssuerError) {
        switch error {
        case .busy:
            self.init(.temporarilyUnavailable, .hashingBusy, detail: "password hashing is busy")
        case .storeUnavailable:
            self.init(
                .temporarilyUnavailable, .storeUnavailable,
                detail: "the account store did not do what it was asked")
        case .notSigned(let error):
            self.init(.serverError, .tokenNotSigned, detail: error.description)
        case .registrationClosed, .usernameTaken, .emailTaken, .invalid, .badCredentials,
            .invalidGrant, .sessionEnded:
            self.init(
                .invalidGrant, "the refresh token is not valid, or its session has ended")
        }
    }
}
