import AccessPolicy
import Cryptography
import TestSupport
import TokenVerification

@testable import Admission

/// A gatekeeper of the attack policy, and the parts to make others.
struct Fixture {
    let policy: PolicySet
    let keyRing: KeyRing
    let gatekeeper: Gatekeeper

    init(policy text: String = attackPolicy, cache: VerifiedTokenCache = VerifiedTokenCache())
        throws
    {
        policy = try PolicySet.load(text, file: "policy.yaml")
        let rules = IssuerRules(
            name: "test", issuer: "https://issuer.test", audiences: ["app"],
            algorithms: [.es256, .rs256, .edDSA], hasSessions: true)
        let keys = try KeySet(jwks: TestIssuer.shared.keySet.span)
        keyRing = KeyRing(issuers: [(rules: rules, keys: keys)])
        gatekeeper = Gatekeeper(policy: policy, keyRing: keyRing, cache: cache)
    }

    /// A gatekeeper that knows no key at all, with a cache of its own unless one is given.
    func withoutKeys(cache: VerifiedTokenCache = VerifiedTokenCache()) -> Gatekeeper {
        Gatekeeper(policy: policy, keyRing: KeyRing(issuers: []), cache: cache)
    }

    /// Who a token is under the policy.
    func bearer(_ token: String, now: Int64 = Int64(unixTime())) throws -> KnownBearer {
        let verified = try TokenVerifier(keyRing: keyRing).verify(Array(token.utf8).span, now: now)
        let principal = try policy.principal(issuerName: "test", claims: verified.claimSet)
        return KnownBearer(token: verified, principal: principal)
    }
}

/// What becomes of a request, in a form that tests can compare.
enum Verdict: Equatable {
    case admitted(route: String, subject: String?)
    /// Answered 204 with these field lines.
    case preflight(String)
    case refused(ReasonCode)
    case needs(Evidence, otherwise: ReasonCode)
}

extension Gatekeeper {
    func verdict(
        _ text: RequestText, now: Int64 = Int64(unixTime()), client: String = "192.0.2.1",
        milliseconds: Int64 = 0, isCounted: Bool = false
    ) throws -> Verdict {
        let arrival = Arrival(
            client: IPAddress(client), now: now, milliseconds: milliseconds, isCounted: isCounted)
        switch admit(try text.canonical(), arrival) {
        case .preflight(let answer):
            return .preflight(String(decoding: answer.fields, as: UTF8.self))
        case .admitted(let permit):
            return .admitted(route: permit.route.id, subject: permit.bearer?.token.subject)
        case .refused(let refusal):
            return .refused(refusal.code)
        case .needs(let evidence, otherwise: let refusal):
            return .needs(evidence, otherwise: refusal.code)
        }
    }
}
