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
    /// With this evidence the decision may be another; who cannot get it refuses the request. Nothing
    /// of the request has been kept: with the evidence it is decided from the beginning.
    case needs(Evidence, otherwise: Refusal)
}

/// Decides whether a request may pass: route, credential, verification, policy, in this order.
///
/// Synchronous and without I/O or clock, on the event loop that owns it. Keys and policy are
/// immutable snapshots, which can be replaced between two requests: each is decided by one of them.
package final class Gatekeeper {
    private var policy: PolicySet
    private let verifier: TokenVerifier
    private let cache: VerifiedTokenCache
    private let marksTokens: Bool

    /// `marksTokens`: whether refusals say which token was refused, for a log.
    package init(
        policy: PolicySet, keyRing: KeyRing, cache: VerifiedTokenCache, marksTokens: Bool = true
    ) {
        self.marksTokens = marksTokens
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
            return .refused(refusal.on(route))
        case .needs(let evidence, let refusal):
            return .needs(evidence, otherwise: refusal.on(route))
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
        // The keys of the embedded issuer are all here, and nobody else's token will do.
        case .refused(let refusal), .needs(_, let refusal):
            return .refused(refusal.on(routeID: endpoint))
        case .known(let bearer):
            guard bearer.token.sessionID != nil else {
                return refused(.tokenClaim, "not a token of a session of the embedded issuer")
            }
            return .admitted(bearer)
        }
    }

    /// Refuses what these revocations are about from now on.
    package func deny(_ revocations: [Revocation]) {
        for revocation in revocations { verifier.revocations.add(revocation) }
    }

    /// Forgets revocations that nothing needs any more; to be called now and then.
    package func forgetExpired(now: Int64) { verifier.revocations.forgetExpired(now: now) }

    /// Verifies with these keys from now on. Tokens whose key is not among them are forgotten, all
    /// others stay known.
    package func use(_ keyRing: KeyRing) {
        verifier.use(keyRing)
        cache.removeAll { !keyRing.holdsKey(epoch: $0.token.keyEpoch) }
    }

    /// Decides by this policy from now on, and verifies with these keys under its rules. Revocations stay;
    /// all tokens are read again, since a policy says what their claims mean.
    package func use(_ policy: PolicySet, _ keyRing: KeyRing) {
        self.policy = policy
        verifier.use(keyRing)
        cache.removeAll { _ in true }
    }

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
        case needs(Evidence, otherwise: Refusal)
    }

    private func identify(
        _ request: borrowing CanonicalRequest, _ now: Int64
    ) -> Identification {
        func refused(_ code: ReasonCode, _ detail: String) -> Identification {
            .refused(Refusal(code, detail: detail))
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

        return identify(token, now)
    }

    private func identify(_ token: Span<UInt8>, _ now: Int64) -> Identification {
        func refusal(_ code: ReasonCode, _ detail: String, tokenID: String?) -> Refusal {
            Refusal(
                code, detail: detail,
                token: marksTokens ? TokenMark(token, tokenID: tokenID) : nil)
        }
        let hash = cache.hash(token)
        if let bearer = cache.lookUp(token, hash: hash, now: now) {
            // Asked for every request: that is what makes a sign-out instant.
            guard !verifier.isRevoked(bearer.token) else {
                return .refused(
                    refusal(
                        .tokenRevoked, "the token has been revoked since it was verified",
                        tokenID: bearer.token.tokenID))
            }
            return .known(bearer)
        }
        let verified: VerifiedToken
        do throws(TokenRejection) {
            verified = try verifier.verify(token, now: now)
        } catch {
            let refusal = refusal(error.reasonCode, error.detail, tokenID: error.tokenID)
            guard let missing = error.missingKey else { return .refused(refusal) }
            return .needs(.key(missing), otherwise: refusal)
        }
        do throws(PrincipalRejection) {
            let principal = try policy.principal(
                issuerName: verified.issuerName, claims: verified.claimSet)
            let bearer = KnownBearer(token: verified, principal: principal)
            cache.insert(token, hash: hash, bearer, now: now)
            return .known(bearer)
        } catch {
            return .refused(refusal(.tokenClaim, error.detail, tokenID: verified.tokenID))
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
