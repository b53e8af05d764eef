internal import AccessPolicy
internal import Hummingbird
internal import ReverseProxy
internal import StrictJSON
internal import TokenIssuing

extension Endpoint {
    /// `POST /_ostiary/v1/register`: makes an account. It does not sign in.
    static let register = Endpoint(
        "ostiary.register", [.post], "/_ostiary/v1/register"
    ) { request, services in
        let settings = try services.requireIssuer().settings
        // Said first: what a closed door thinks of a form is nobody's business.
        guard settings.registration == .open else {
            throw EndpointRefusal(IssuerError.registrationClosed)
        }
        let form = try registrationForm(request, settings)
        let account = try await services.ask { issuer throws(IssuerError) in
            try await issuer.register(form)
        }
        return Response(status: .created, json: .user(account))
    }

    private static func registrationForm(
        _ request: LocalRequest, _ settings: IssuerSettings
    ) throws(EndpointRefusal) -> RegistrationForm {
        var form = try JSONForm(request)
        let registration = RegistrationForm(
            username: form.required("username"), email: form.required("email"),
            password: form.required("password"), fullName: form.optional("full_name"),
            bio: form.optional("bio"), birthDate: form.optional("birth_date"))
        let minimum = settings.minimumPasswordLength
        for error in registration.errors(minimumPasswordLength: minimum) { form.note(error) }
        try form.finish()
        return registration
    }
}
