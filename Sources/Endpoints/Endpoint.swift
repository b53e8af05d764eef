internal import AccessPolicy
internal import Hummingbird
internal import ReverseProxy

/// One endpoint: where it is, and what answers there.
struct Endpoint: Sendable {
    /// Throws `EndpointRefusal`; untyped, as the router's handlers are.
    typealias Handler = @Sendable (LocalRequest, EndpointServices) async throws -> Response

    let path: String
    let methods: [Method]
    let local: LocalEndpoint
    /// For a method that is not taken: nobody needs a token to be told so.
    let withoutBearer: LocalEndpoint
    let answer: Handler
    private let pathBytes: [UInt8]

    init(
        _ id: String, _ methods: [Method], _ path: String, needsBearer: Bool = false,
        answer: @escaping Handler
    ) {
        self.path = path
        self.methods = methods
        local = LocalEndpoint(id: id, needsBearer: needsBearer)
        withoutBearer = LocalEndpoint(id: id, needsBearer: false)
        self.answer = answer
        pathBytes = Array(path.utf8)
    }

    /// The value of `Allow` (RFC 9110 § 10.2.1).
    var allowedMethods: String { methods.map(\.name).joined(separator: ", ") }

    /// Those of the embedded issuer.
    static let ofAccounts = [register, signIn, signOut, ownProfile, token, keySet, metadata]

    func isAt(_ path: [UInt8]) -> Bool { pathBytes == path }

    /// Whether no path like this one ever goes to the app.
    static func isOwn(_ path: [UInt8]) -> Bool {
        path.starts(with: prefix) && (path.count == prefix.count || path[prefix.count] == slash)
    }

    private static let prefix = Array("/_ostiary".utf8)
    private static let slash = UInt8(ascii: "/")
}
