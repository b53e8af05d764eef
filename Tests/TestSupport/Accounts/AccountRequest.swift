/// Requests to the gateway's own endpoints, as bytes for a connection (one character per byte).
package enum AccountRequest {
    package static func register(_ person: Person) -> String {
        register(person.registration)
    }

    /// `document` is the JSON body.
    package static func register(_ document: String) -> String {
        json("POST", "/_ostiary/v1/register", document)
    }

    package static func signIn(_ person: Person) -> String {
        signIn(person.username, person.password)
    }

    package static func signIn(_ login: String, _ password: String) -> String {
        json(
            "POST", "/_ostiary/v1/sign-in",
            #"{"login":"\#(login)","password":"\#(password)"}"#)
    }

    package static func refresh(_ refreshToken: String) -> String {
        form(
            "/_ostiary/oauth/token",
            "grant_type=refresh_token&refresh_token=\(refreshToken)&client_id=ostiary")
    }

    /// `scope` is `here`, `others` or `everywhere`.
    package static func signOut(_ accessToken: String, scope: String = "here") -> String {
        json("POST", "/_ostiary/v1/sign-out", #"{"scope":"\#(scope)"}"#, token: accessToken)
    }

    package static func me(_ accessToken: String) -> String {
        get("/_ostiary/v1/me", accessToken)
    }

    package static func patchMe(_ accessToken: String, _ document: String) -> String {
        json("PATCH", "/_ostiary/v1/me", document, token: accessToken)
    }

    /// A request for the app, or for any path.
    package static func get(
        _ path: String, _ accessToken: String? = nil, method: String = "GET", fields: [String] = []
    ) -> String {
        text(method, path, token: accessToken, fields: fields, body: nil)
    }

    package static func json(
        _ method: String, _ path: String, _ body: String, token: String? = nil,
        fields: [String] = []
    ) -> String {
        text(
            method, path, token: token, fields: ["Content-Type: application/json"] + fields,
            body: body)
    }

    package static func form(_ path: String, _ body: String) -> String {
        text(
            "POST", path, token: nil,
            fields: ["Content-Type: application/x-www-form-urlencoded"], body: body)
    }

    private static func text(
        _ method: String, _ path: String, token: String?, fields: [String], body: String?
    ) -> String {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: app.test"]
        if let token { lines.append("Authorization: Bearer \(token)") }
        if let body { lines.append("Content-Length: \(wireBytes(body).count)") }
        return (lines + fields).joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }
}
