internal import Admission
internal import Cryptography
internal import ReverseProxy
internal import TokenIssuing
internal import TokenVerification

/// Whose access token came with the request, and in which session it was issued.
struct Caller {
    let account: AccountID
    let session: SessionID

    init(of request: LocalRequest) throws(EndpointRefusal) {
        guard let token = request.bearer?.token, let session = token.sessionID,
            let account = AccountID(token.subject)
        else {
            throw EndpointRefusal(
                token: .tokenClaim, detail: "not a token of a session of the embedded issuer")
        }
        self.account = account
        self.session = session
    }
}
