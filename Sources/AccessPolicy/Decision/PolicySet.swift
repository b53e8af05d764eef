package import StrictJSON
package import StrictYAML

/// A policy, checked and compiled: everything that a request needs from it, and immutable.
package final class PolicySet: Sendable {
    /// In the order of the file, which has no other meaning.
    package let issuers: [PolicyIssuer]
    /// In the order of the file, which has no other meaning.
    package let routes: [Route]
    /// The headers by which the upstream learns who asks, as written in the policy, that of the assertion
    /// included. They must be removed from every request, in every spelling, before any is added.
    package let injectedHeaderNames: [String]

    /// The signed assertion that requests carry; nil: none.
    package var assertion: AssertionRule? { identity.assertion }

    /// The declared roles, sorted.
    package var roleNames: [String] { identity.roles.names }

    /// Asked before every route that is not public; the first that holds decides.
    package let denyRules: [DenyRule]
    package let defaults: PolicyDefaults
    /// Every limit and waiting time of the file, in its order.
    package let statedLimits: [StatedLimit]
    /// What the app makes of paths that others would refuse.
    package let relaxations: PathRelaxations
    /// What the policy calls the app, and where; nil where it does not name it.
    package let upstreamName: (name: String, position: SourcePosition)?
    /// The kind of app, for advice; nil where the policy does not say.
    package let upstreamProfile: String?
    /// Whether a policy without passing tests must not be served.
    package let testsAreRequired: Bool

    let generation: PolicyGeneration
    let hosts: HostSet
    let identity: IdentityModel
    let trie: RouteTrie

    init(
        generation: PolicyGeneration, hosts: HostSet, issuers: [PolicyIssuer],
        identity: IdentityModel, routes: [Route], trie: RouteTrie, denyRules: [DenyRule],
        settings: PolicySettings
    ) {
        self.generation = generation
        self.hosts = hosts
        self.issuers = issuers
        self.identity = identity
        self.routes = routes
        self.trie = trie
        self.denyRules = denyRules
        defaults = settings.defaults
        statedLimits = settings.statedLimits
        relaxations = settings.relaxations
        upstreamName = settings.upstreamName
        upstreamProfile = settings.upstreamProfile
        testsAreRequired = settings.testsAreRequired
        injectedHeaderNames =
            identity.headers.map(\.name) + (identity.assertion.map { [$0.header] } ?? [])
    }

    /// Whether the policy is about this host at all; if not, the answer is 421.
    ///
    /// - Parameter host: lower-cased, without port and trailing dot; an IPv6 address in brackets.
    /// - Returns: true for every host when the policy names none.
    package func acceptsHost(_ host: Span<UInt8>) -> Bool { hosts.accepts(host) }

    /// Reads a verified token's claims as this policy declares them. Meant to be done once for each
    /// token: the result is valid for this policy only.
    ///
    /// - Parameters:
    ///   - issuerName: the issuer's name in the policy.
    ///   - claims: the token's claims.
    /// - Returns: somebody whom ``decide(_:path:query:facts:principal:)`` can judge.
    /// - Throws: ``PrincipalRejection``, answered with 401.
    package func principal(
        issuerName: String, claims: JSONObject
    ) throws(PrincipalRejection) -> Principal {
        try identity.principal(issuerName: issuerName, claims: claims)
    }

    /// The same for claims that are a tree of values, at the cost of writing and reading them.
    package func principal(
        issuerName: String, claims: JSONValue
    ) throws(PrincipalRejection) -> Principal {
        guard let object = JSONObject(claims) else {
            throw PrincipalRejection(claim: "subject", fault: .missing)
        }
        return try principal(issuerName: issuerName, claims: object)
    }
}

/// What a policy says besides issuers, identities and routes.
struct PolicySettings {
    var defaults = PolicyDefaults()
    var statedLimits: [StatedLimit] = []
    var relaxations = PathRelaxations.none
    var upstreamName: (name: String, position: SourcePosition)?
    var upstreamProfile: String?
    var testsAreRequired = false
}
