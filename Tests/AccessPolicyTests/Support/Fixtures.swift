import AccessPolicy
import StrictJSON
import StrictYAML

/// A policy with one issuer and the roles viewer and admin, around what a test is about. `mapping` is
/// what the issuer's `claims` hold.
func policyText(
    routes: String, claims: String = "subject: sub", headers: String = "X-Auth-User: subject",
    roles: String = "viewer: {}, admin: {includes: [viewer]}", mapping: String? = nil
) -> String {
    let mapping = mapping.map { ", claims: {\($0)}" } ?? ""
    return """
        version: 1
        issuers: {test: {issuer: "https://issuer.test", audience: app\(mapping)}}
        claims: {\(claims)}
        roles: {\(roles)}
        defaults: {identity: {headers: {\(headers)}}}
        routes:
        \(routes.split(separator: "\n").map { "  - \($0)" }.joined(separator: "\n"))
        """
}

/// A policy with a single route `one`, GET on `pattern`.
func policy(
    allow: String, pattern: String = "/x", claims: String = "subject: sub"
) throws -> PolicySet {
    try load(
        policyText(
            routes: "{id: one, match: \"GET \(pattern)\", allow: \(allow)}", claims: claims,
            headers: "X-Auth-Roles: roles"))
}

func load(_ text: String) throws -> PolicySet { try PolicySet.load(text, file: "policy.yaml") }

/// The diagnostics of a policy that must not load, one line each.
func errors(_ text: String) -> [String] {
    do {
        _ = try PolicySet.load(text, file: "policy.yaml")
        return []
    } catch {
        return error.all.map(\.description)
    }
}

/// The canonical form of a path; nil when it is refused.
func canonical(_ path: String) -> String? { try? parse(path).description }

func parse(_ path: String) throws(TargetRejection) -> CanonicalPath {
    try parse(Array(path.utf8))
}

func parse(_ path: [UInt8]) throws(TargetRejection) -> CanonicalPath {
    try CanonicalPath(parsing: path.span)
}

/// What a request meets: the route's id, and the decision.
struct Outcome: Equatable {
    let route: String?
    let decision: Decision
}

extension PolicySet {
    /// `request` is for example `GET /x`.
    func outcome(_ request: String, as principal: Principal? = nil) throws -> Outcome {
        let (method, path) = try split(request)
        let route = route(for: method, path: path)
        return Outcome(
            route: route?.id, decision: decide(route, path: path, principal: principal))
    }

    func routeID(_ request: String) throws -> String? {
        let (method, path) = try split(request)
        return route(for: method, path: path)?.id
    }

    /// `claims` is a JSON object, read as it is written, escapes and all.
    func principal(json claims: String, issuer: String = "test") throws -> Principal {
        let bytes = Array(claims.utf8)
        guard
            let object = try? JSONReader.readObject(bytes, count: bytes.count, limits: .payload)
        else { return try principal(issuerName: issuer, claims: JSONValue(json: claims)) }
        return try principal(issuerName: issuer, claims: object)
    }

    func principal(_ subject: String, roles: [String] = []) throws -> Principal {
        let claims = [
            JSONMember(name: "sub", value: .string(subject)),
            JSONMember(name: "roles", value: .array(roles.map { .string($0) })),
        ]
        return try principal(issuerName: "test", claims: .object(claims))
    }

    private func split(_ request: String) throws -> (Method, CanonicalPath) {
        let parts = request.split(separator: " ", maxSplits: 1)
        guard let method = Method(name: parts[0]) else { throw UnknownMethod() }
        return (method, try parse(String(parts[1])))
    }

    private struct UnknownMethod: Error {}
}

extension Principal {
    /// The identity header block as text; nil when it is unsafe.
    var headerText: String? {
        guard case .bytes(let bytes) = identityHeaders else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONValue {
    /// Reads JSON text.
    init(json: String) throws {
        self = try JSONReader.read(Array(json.utf8).span, limits: .payload)
    }
}
