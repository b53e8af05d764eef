import AccessPolicy
import Admission
import Cryptography
import ReverseProxy
import TestSupport
import TokenVerification

/// The attack policy and the key ring of the issuer that it names.
struct Fixture {
    let policy: PolicySet
    let keyRing: KeyRing

    init(policy text: String = attackPolicy) throws {
        policy = try PolicySet.load(text, file: "policy.yaml")
        let rules = IssuerRules(
            name: "test", issuer: "https://issuer.test", audiences: ["app"],
            algorithms: [.es256, .rs256, .edDSA], hasSessions: true)
        let keys = try KeySet(jwks: TestIssuer.shared.keySet.span)
        keyRing = KeyRing(issuers: [(rules: rules, keys: keys)])
    }

    var gatekeeper: Gatekeeper {
        Gatekeeper(policy: policy, keyRing: keyRing, cache: VerifiedTokenCache(entries: 64))
    }
}
