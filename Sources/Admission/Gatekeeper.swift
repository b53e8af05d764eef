package import AccessPolicy
package import TokenVerification

/// The proof that a request may be forwarded. Only `Gatekeeper` makes one, in this file, after the
/// policy has allowed the request; only a `Permit` can be written to an upstream.
package struct Permit: ~Copyable {
    package let request: CanonicalRequest
    package let route: Route
    /// Who asks; nil on a public route, which reads no credential and passes no identity on.
    package let bearer: KnownBearer?

    fileprivate init(_ request: consuming CanonicalRequest, _ route: Route, _ bearer: KnownBearer?)
    {
        self.request = request
        self.route = route
        self.bearer = bearer
    }

    /// Gives the buffers back for the next request.
    package consuming func recycled() -> CanonicalRequest.Storage { request.recycled() }
}

/// What becomes of a request for one of the gateway's own endpoints.
package enum LocalAdmission {
    /// Who asks; nil where the endpoint needs no bearer.
    case admitted(KnownBearer?)
    case refused(Refusal)
}

/// What becomes of a request.
package enum Admission: ~Copyable {
    case admitted(Permit)
    case refused(Refusal)
}

/// Decides whether a request may pass: route, credential, verification, policy, in this order.
///
/// Synchronous and without I/O or clock, on the event loop that owns it. Keys and policy are
/// immutable snapshots; a change of either makes a new `Gatekeeper`.
package final class Gatekeeper {
    private let policy: PolicySet
    private let verifier: TokenVerifier
    private let cache: VerifiedTokenCache
    private var denials = DeniedSessions()

    package init(policy: PolicySet, keyRing: KeyRing, cache: VerifiedTokenCache) {
        self.policy = policy
        verifier = TokenVerifier(keyRing: keyRing)
        self.cache = cache
    }

    /// Decides one request; `now` is Unix time in seconds.
    package func admit(_ request: consuming CanonicalRequest, now: Int64) -> Admission {
        guard policy.acceptsHost(request.text.span.extracting(request.hostRange)) else {
            return .refused(Refusal(.unknownHost, detail: "host is not one of the policy's"))
        }
        let route = policy.route(for: request.method, path: request.path)
        if let route, route.auth == .public {
            if request.wantsUpgrade { return .refused(upgradeRefusal(route)) }
            return .admitted(Permit(request, route, nil))
        }

        let bearer: KnownBearer
        switch identify(request, now) {
        case .known(let known): bearer = known
        case .refused(let refusal):
            return .refused(Refusal(refusal.code, detail: refusal.detail, routeID: route?.id))
        }

        switch policy.decide(route, path: request.path, principal: bearer.principal) {
        case .allow:
            // `decide` allows nothing without a route; the compiler does not know.
            guard let route else { return .refused(Refusal(.noRoute)) }
            if request.wantsUpgrade { return .refused(upgradeRefusal(route)) }
            return .admitted(Permit(request, route, bearer))
        case .deny(let reason):
            return .refused(
                Refusal(reason.code, detail: Self.detail(reason, route), routeID: route?.id))
        }
    }

    /// Whether a request for one of the gateway's own endpoints may be answered. Nothing is forwarded
    /// on its strength: there is no `Permit` in the outcome.
    ///
    /// `needsBearer`: only for tokens of the embedded issuer with a session; otherwise a credential is
    /// not looked at. `now` is Unix time in seconds.
    package func admitLocally(
        _ request: borrowing CanonicalRequest, endpoint: String, needsBearer: Bool, now: Int64
    ) -> LocalAdmission {
        func refused(_ code: ReasonCode, _ detail: String) -> LocalAdmission {
            .refused(Refusal(code, detail: detail, routeID: endpoint))
        }
        guard policy.acceptsHost(request.text.span.extracting(request.hostRange)) else {
            return refused(.unknownHost, "host is not one of the policy's")
        }
        guard !request.wantsUpgrade else {
            return refused(.upgradeNotAllowed, "upgrade on an endpoint of the gateway")
        }
        guard needsBearer else { return .admitted(nil) }
        switch identify(request, now) {
        case .refused(let refusal):
            return refused(refusal.code, refusal.detail)
        case .known(let bearer):
            guard bearer.token.sessionID != nil else {
                return refused(.tokenClaim, "not a token of a session of the embedded issuer")
            }
            return .admitted(bearer)
        }
    }

    /// Refuses tokens of these sessions from now on, until all of them have expired.
    package func deny(_ revocations: [SessionRevocation]) {
        for revocation in revocations { denials.deny(revocation) }
    }

    /// Forgets denials that nothing needs any more; to be called now and then.
    package func forgetExpired(now: Int64) { denials.forgetExpired(now: now) }

    /// Words of the policy only, nothing of the request.
    private static func detail(_ reason: DenyReason, _ route: Route?) -> String {
        switch reason {
        case .unauthenticated: "no credential"
        case .noRoute: "no route matches"
        case .roleMissing, .conditionFalse:
            "needs \(route?.conditionText ?? "a condition, and has none")"
        case .claimNotHeaderSafe: "a claim is no safe header value"
        }
    }

    private enum Identification {
        case known(KnownBearer)
        case refused(Refusal)
    }

    private func identify(
        _ request: borrowing CanonicalRequest, _ now: Int64
    ) -> Identification {
        func refused(_ code: ReasonCode, _ detail: String) -> Identification {
            .refused(Refusal(code, detail: detail))
        }
        func live(_ bearer: KnownBearer) -> Identification {
            // Asked for every request, a cached token's too: that is what makes a sign-out instant.
            denials.holds(bearer.token.sessionID)
                ? refused(.tokenRevoked, "the token's session has ended") : .known(bearer)
        }
        switch request.authorization {
        case .none:
            return refused(.unauthenticated, "no credential")
        case .several:
            return refused(.ambiguousCredentials, "several authorization fields")
        case .one:
            break
        }
        let credential = request.text.span.extracting(request.credentialRange)
        let token: Span<UInt8>
        switch BearerCredential.read(credential) {
        case .otherScheme:
            return refused(.unauthenticated, "scheme is not bearer")
        case .malformed:
            return refused(.tokenMalformed, "not one space and a token behind the scheme")
        case .token(let range):
            token = credential.extracting(range)
        }

        let hash = cache.hash(token)
        if let bearer = cache.lookUp(token, hash: hash, now: now) { return live(bearer) }
        do {
            let verified = try verifier.verify(token, now: now)
            let principal = try policy.principal(
                issuerName: verified.issuerName, claims: verified.claims)
            let bearer = KnownBearer(token: verified, principal: principal)
            cache.insert(token, hash: hash, bearer, now: now)
            return live(bearer)
        } catch let rejection as TokenRejection {
            return refused(rejection.reasonCode, rejection.detail)
        } catch let rejection as PrincipalRejection {
            return refused(.tokenClaim, rejection.detail)
        } catch {
            return refused(.tokenMalformed, "unexpected failure")
        }
    }

    private func upgradeRefusal(_ route: Route) -> Refusal {
        Refusal(.upgradeNotAllowed, detail: "upgrade on a plain route", routeID: route.id)
    }
}

extension DenyReason {
    var code: ReasonCode {
        switch self {
        case .unauthenticated: .unauthenticated
        case .noRoute: .noRoute
        case .roleMissing: .roleMissing
        case .conditionFalse: .conditionFalse
        case .claimNotHeaderSafe: .claimNotHeaderSafe
        }
    }
}

extension TokenRejection {
    var reasonCode: ReasonCode { ReasonCode(rawValue: code) ?? .tokenMalformed }
}
