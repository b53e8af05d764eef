package import AccessPolicy
package import TokenVerification

/// The proof that a request may be forwarded. Only `Gatekeeper` makes one, in this file, after the
/// policy has allowed the request; only a `Permit` can be written to an upstream.
package struct Permit: ~Copyable {
    package let request: CanonicalRequest
    /// The route of the path as it is sent.
    package let route: Route
    /// Who asks; nil for anonymous requests, and on a public route, which reads no credential and passes
    /// no identity on.
    package let bearer: KnownBearer?
    /// Bytes of the request's body: what the routes of both views allow; nil: as configured.
    package let bodyLimit: Int?
    /// Field lines for the answer. Where there are some, they stand in for the app's own CORS fields.
    package let answerFields: [UInt8]

    fileprivate init(_ request: consuming CanonicalRequest, _ allowance: Allowance) {
        self.request = request
        route = allowance.route
        bearer = allowance.bearer
        bodyLimit = allowance.bodyLimit
        answerFields = allowance.answerFields
    }

    /// Whether the app is given the credential that was verified.
    package var forwardsCredential: Bool { bearer != nil && route.authorization == .forward }

    /// Gives the buffers back for the next request.
    package consuming func recycled() -> CanonicalRequest.Storage { request.recycled() }
}

/// What a permit says besides its request.
private struct Allowance {
    let route: Route
    let bearer: KnownBearer?
    let bodyLimit: Int?
    let answerFields: [UInt8]
}

/// What becomes of a request for one of the gateway's own endpoints.
package enum LocalAdmission {
    /// Who asks; nil where the endpoint needs no bearer.
    case admitted(KnownBearer?)
    case preflight(PreflightAnswer)
    case refused(Refusal)
}

/// What becomes of a request.
package enum Admission: ~Copyable {
    case admitted(Permit)
    /// A CORS preflight, which is answered here whatever the policy says.
    case preflight(PreflightAnswer)
    case refused(Refusal)
    /// With this evidence the decision may be another; who cannot get it refuses the request. Nothing
    /// of the request has been kept: with the evidence it is decided from the beginning.
    case needs(Evidence, otherwise: Refusal)
}

/// Decides whether a request may pass: host, route, preflight, rate per address, credential,
/// verification, policy, rates, in this order.
///
/// Synchronous and without I/O or clock, on the event loop that owns it. Keys and policy are
/// immutable snapshots, which can be replaced between two requests: each is decided by one of them.
package final class Gatekeeper {
    private var policy: PolicySet
    private var corsFields: [CORSFields?]
    private var limiter: RateLimiter
    private var hasRates: Bool
    private let verifier: TokenVerifier
    private let cache: VerifiedTokenCache
    private let marksTokens: Bool

    /// `limiter`: counts for all event loops together; nil: for this gatekeeper alone. `marksTokens`:
    /// whether refusals say which token was refused, for a log.
    package init(
        policy: PolicySet, keyRing: KeyRing, cache: VerifiedTokenCache,
        limiter: RateLimiter? = nil, marksTokens: Bool = true
    ) {
        self.marksTokens = marksTokens
        self.policy = policy
        self.limiter = limiter ?? RateLimiter(policy: policy)
        hasRates = policy.routes.contains { !$0.rates.isEmpty }
        corsFields = policy.routes.map { $0.cors.map(CORSFields.init) }
        verifier = TokenVerifier(keyRing: keyRing)
        self.cache = cache
    }

    /// Decides one request.
    package func admit(
        _ request: consuming CanonicalRequest, _ arrival: Arrival
    ) -> Admission {
        switch judge(request, arrival) {
        case .allowed(let allowance):
            return .admitted(Permit(request, allowance))
        case .preflight(let answer):
            return .preflight(answer)
        case .refused(let refusal):
            return .refused(refusal)
        case .needs(let evidence, let refusal):
            return .needs(evidence, otherwise: refusal)
        }
    }

    private func judge(
        _ request: borrowing CanonicalRequest, _ arrival: Arrival
    ) -> Judgement {
        let text = request.text.span
        let host = text.extracting(request.hostRange)
        guard policy.acceptsHost(host) else { return .refused(Self.unknownHost) }
        guard request.preflight != .nothing else { return .preflight(.none) }
        let asked = request.policyMethod
        let selection: RouteSelection
        do throws(TargetRejection) {
            selection = try policy.select(asked, host: host, path: request.path)
        } catch {
            return .refused(Refusal(.badTarget, detail: error.detail))
        }
        let route = selection.route
        let cors = route.flatMap { corsFields[$0.index] }
        let origin = text.extracting(request.originRange)
        if case .method(let method) = request.preflight {
            let names = text.extracting(request.requestedHeadersRange)
            let fields = cors?.preflight(from: origin, for: method, headers: names) ?? []
            return .preflight(PreflightAnswer(fields: fields, routeID: route?.id))
        }
        let answerFields = cors?.answer(to: origin) ?? []
        func refused(_ refusal: Refusal) -> Refusal {
            var refusal = refusal.on(route)
            // A route that hides says nothing of itself.
            if !refusal.isHidden { refusal.answerFields = answerFields }
            return refusal
        }

        if let excess = countAddress(selection, arrival) {
            return .refused(refused(Refusal(excess)))
        }
        let bearer: KnownBearer?
        switch credential(of: request, selection.auth, arrival.now) {
        case .anonymous: bearer = nil
        case .known(let known): bearer = known
        case .refused(let refusal): return .refused(refused(refusal))
        case .needs(let evidence, let refusal): return .needs(evidence, refused(refusal))
        }
        let decision = policy.decide(
            selection, path: request.path, query: text.extracting(request.plainQueryRange),
            facts: RequestFacts(
                method: asked, clientAddress: arrival.client, now: arrival.now),
            principal: bearer?.principal)
        if case .deny(let denial) = decision {
            return .refused(refused(Refusal(denial, on: route)))
        }
        // `decide` allows nothing without a route; the compiler does not know.
        guard let route else { return .refused(Refusal(.noRoute)) }
        if request.wantsUpgrade, let refusal = upgradeRefusal(request, asked, route, selection) {
            return .refused(refused(refusal))
        }
        if let excess = count(selection, bearer, arrival) {
            return .refused(refused(Refusal(excess)))
        }
        return .allowed(
            Allowance(
                route: route, bearer: bearer, bodyLimit: bodyLimit(of: selection),
                answerFields: answerFields))
    }

    private enum Judgement {
        case allowed(Allowance)
        case preflight(PreflightAnswer)
        case refused(Refusal)
        case needs(Evidence, Refusal)
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
            return .refused(Self.unknownHost.on(routeID: endpoint))
        }
        // Pages of other origins have no business here.
        guard request.preflight == .none else {
            return .preflight(.none)
        }
        guard !request.wantsUpgrade else {
            return refused(.upgradeNotAllowed, "upgrade on an endpoint of the gateway")
        }
        guard needsBearer else { return .admitted(nil) }
        switch identify(request, now) {
        // The keys of the embedded issuer are all here, and nobody else's token will do.
        case .refused(let refusal), .needs(_, let refusal):
            return .refused(refusal.on(routeID: endpoint))
        case .anonymous: return .admitted(nil)
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
    package func use(_ policy: PolicySet, _ keyRing: KeyRing, limiter: RateLimiter? = nil) {
        self.policy = policy
        self.limiter = limiter ?? RateLimiter(policy: policy)
        hasRates = policy.routes.contains { !$0.rates.isEmpty }
        corsFields = policy.routes.map { $0.cors.map(CORSFields.init) }
        verifier.use(keyRing)
        cache.removeAll { _ in true }
    }

    /// What the policy makes of paths that it would refuse otherwise.
    package var relaxations: PathRelaxations { policy.relaxations }

    /// Counts the request by where it comes from, before anything of it costs much. A request that is
    /// decided again, because it has waited for evidence, has been counted.
    private func countAddress(
        _ selection: RouteSelection, _ arrival: Arrival
    ) -> RateLimiter.Excess? {
        guard !arrival.isCounted, hasRates else { return nil }
        return limiter.count(rates(of: selection), now: arrival.milliseconds) { per in
            per == .address ? RateKey(arrival.client) : nil
        }
    }

    /// Counts a request that the policy allows.
    private func count(
        _ selection: RouteSelection, _ bearer: KnownBearer?, _ arrival: Arrival
    ) -> RateLimiter.Excess? {
        guard hasRates else { return nil }
        return limiter.count(rates(of: selection), now: arrival.milliseconds) { per in
            switch per {
            case .address: nil
            case .subject: bearer?.rateKey ?? RateKey(arrival.client)
            case .route: RateKey.everybody
            }
        }
    }

    /// Both views count: another spelling of a path must not be a way around its limits.
    private func rates(of selection: RouteSelection) -> [RateRule] {
        guard !selection.isOneView else { return selection.route?.rates ?? [] }
        var rates = selection.route?.rates ?? []
        for route in foldedRoutes(of: selection) {
            rates += route.rates.filter { !rates.contains($0) }
        }
        return rates
    }

    private func bodyLimit(of selection: RouteSelection) -> Int? {
        guard !selection.isOneView else { return selection.route?.limits.body }
        return foldedRoutes(of: selection).reduce(selection.route?.limits.body) { limit, route in
            guard let limit, let other = route.limits.body else {
                return limit ?? route.limits.body
            }
            return min(limit, other)
        }
    }

    private func foldedRoutes(of selection: RouteSelection) -> [Route] {
        (selection.foldedRoute.map { [$0] } ?? [])
            + (0..<selection.furtherFoldedCount).map {
                policy.furtherFoldedRoute($0, of: selection)
            }
    }

    /// The credential as far as the routes of the request want one.
    private func credential(
        of request: borrowing CanonicalRequest, _ auth: Route.Authentication, _ now: Int64
    ) -> Identification {
        switch (auth, request.authorization) {
        case (.public, _), (.optional, .none): .anonymous
        default: identify(request, now)
        }
    }

    private enum Identification {
        case anonymous
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
        // Two credentials (RFC 6750 § 2): which of them counts, the app could see otherwise than we do.
        let query = request.text.span.extracting(request.plainQueryRange)
        guard query.isEmpty || QueryParameter.accessToken.isAbsent(from: query) else {
            return refused(.ambiguousCredentials, "a token in the query beside the field")
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

    /// Why there is no WebSocket: all routes of the selection must be for handshakes, and for pages of the
    /// origin that asks.
    private func upgradeRefusal(
        _ request: borrowing CanonicalRequest, _ asked: Method, _ route: Route,
        _ selection: RouteSelection
    ) -> Refusal? {
        guard asked == .webSocket else {
            return Refusal(.upgradeNotAllowed, detail: "upgrade by another method than GET")
        }
        let text = request.text.span
        let origin = text.extracting(request.originRange)
        let authority = text.extracting(request.authorityRange)
        for route in selection.isOneView ? [route] : [route] + foldedRoutes(of: selection) {
            guard route.namedMethods.contains(.webSocket) else {
                return Refusal(.upgradeNotAllowed, detail: "upgrade on a plain route")
            }
            let rule = route.webSocket ?? WebSocketRule()
            if let fault = OriginCheck.fault(rule.origins, origin, authority: authority) {
                return Refusal(.origin, detail: fault.rawValue)
            }
        }
        return nil
    }

    private static let unknownHost = Refusal(
        .unknownHost, detail: "host is not one of the policy's")
}

extension CanonicalRequest {
    /// The method that routes are selected by: a WebSocket handshake has one of its own, and a preflight
    /// is about another one.
    fileprivate var policyMethod: Method {
        if case .method(let method) = preflight { return method }
        return wantsUpgrade && method == .get ? .webSocket : method
    }
}

extension TokenRejection {
    var reasonCode: ReasonCode { ReasonCode(rawValue: code) ?? .tokenMalformed }
}
