import AccessPolicy
import Cryptography
import ReverseProxy
import StrictJSON
import TokenVerification

let password = "correct horse battery staple"

/// A registration that is accepted.
let aliceForm = """
    {"username":"alice","email":"alice@example.com","password":"\(password)",\
    "full_name":"Alice Liddell","bio":"down the hole","birth_date":"1852-05-04"}
    """

/// What somebody has in hand after signing in.
struct SignedIn {
    let access: String
    let refresh: String
    let session: SessionID
    let user: JSONValue
}

extension Fixture {
    func register(_ form: String = aliceForm) async throws -> LocalResponse {
        try await send(.post, "/_ostiary/v1/register", json: form)
    }

    func signIn(
        _ login: String = "alice", password given: String = password
    ) async throws -> LocalResponse {
        try await send(
            .post, "/_ostiary/v1/sign-in", json: #"{"login":"\#(login)","password":"\#(given)"}"#)
    }

    /// Registers alice, if she is not there yet, and signs her in.
    func alice() async throws -> SignedIn {
        _ = try await register()
        return try SignedIn(try await signIn())
    }
}

extension SignedIn {
    init(_ response: LocalResponse) throws {
        let document = try response.json()
        guard let access = document["access_token"]?.string,
            let refresh = document["refresh_token"]?.string,
            let session = document["session_id"]?.string.flatMap({ SessionID($0) }),
            let user = document["user"]
        else { throw FixtureError("no sign-in: \(response.status)") }
        self.init(access: access, refresh: refresh, session: session, user: user)
    }
}
