internal import AccessPolicy
internal import Hummingbird
internal import ReverseProxy
internal import StrictJSON
internal import TokenIssuing

extension Endpoint {
    /// `GET` and `PATCH /_ostiary/v1/me`: one's own account. The answer never holds tokens.
    static let ownProfile = Endpoint(
        "ostiary.me", [.get, .head, .patch], "/_ostiary/v1/me", needsBearer: true
    ) { request, services in
        let caller = try Caller(of: request)
        let patch = request.method == .patch ? try profilePatch(request) : nil
        let account = try await services.ask { issuer throws(IssuerError) in
            guard let patch else { return try await issuer.account(caller.account) }
            return try await issuer.updateProfile(of: caller.account, patch)
        }
        return Response(json: .user(account))
    }

    private static func profilePatch(
        _ request: LocalRequest
    ) throws(EndpointRefusal) -> ProfilePatch {
        var form = try JSONForm(request)
        let patch = ProfilePatch(
            username: form.read("username"), fullName: form.read("full_name"),
            bio: form.read("bio"), birthDate: form.read("birth_date"))
        for error in patch.errors { form.note(error) }
        for name in elsewhere { form.refuse(name) }
        try form.finish()
        return patch
    }

    /// What an account has, too, but not for its person to change, or not without the password.
    private static let elsewhere = [
        "id", "email", "password", "is_active", "is_staff", "is_superuser", "groups",
        "permissions", "roles", "created_at", "updated_at", "last_login",
    ]
}
