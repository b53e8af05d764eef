"""The disagreements that are explained. A disagreement belongs to a class only if the token has one of
the class's features; what belongs to none fails the run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Class:
    name: str
    features: frozenset
    # Our reason codes that fit, for what we refuse.
    reasons: frozenset
    why: str
    # The libraries that it may happen with; empty: any.
    engines: frozenset = frozenset()


def entry(name, features, reasons, why, engines=()):
    return Class(
        name, frozenset(features), frozenset(reasons.split()), why, frozenset(engines))


# We refuse, another library accepts.
STRICTER = [
    entry("base64url in one form",
          ["padding", "alphabet", "length", "spare bits"],
          "token_malformed",
          "RFC 7515 § 2 and RFC 4648 § 3.5: no padding, no other characters, spare bits zero; else"
          " one token has many spellings, and what is cached, logged or denied is not what was sent"),
    # The first `iss` chooses the issuer, before the whole is read.
    entry("a member twice", ["header: duplicate", "claims: duplicate"],
          "token_malformed token_issuer",
          "RFC 7515 § 4 and RFC 7519 § 4 let a parser refuse it; two readers that choose"
          " differently see two tokens"),
    entry("strict JSON",
          ["header: json", "claims: json", "header: encoding", "claims: encoding",
           "header: lone surrogate", "claims: lone surrogate", "header: no number",
           "claims: no number", "header: no object", "claims: no object"],
          "token_malformed token_issuer token_too_large",
          "RFC 8259 § 6, § 7, § 8.1: UTF-8 without byte order mark, whole characters, no NaN, one"
          " value and nothing after it"),
    entry("size limits",
          ["size", "header: size", "claims: size", "header: limits", "claims: limits", "kid: long"],
          "token_malformed token_too_large",
          "bounded work for bytes that nobody has signed: 8 KiB, depth 8, 32 header members, 256"
          " members and elements, names of 256 bytes (RFC 8725 § 2.4 on what unbounded input costs)"),
    entry("critical extensions and other members of no use here",
          ["header: crit", "header: b64", "header: zip", "header: cty"],
          "token_header token_malformed",
          "RFC 7515 § 4.1.11, RFC 7797 § 6: what is critical and not understood makes a token"
          " invalid; compression and nesting are never undone"),
    entry("keys that the sender brings",
          ["header: jwk", "header: jku", "header: x5u", "header: x5c"],
          "token_header",
          "RFC 8725 § 3.10: they are never followed, and a token that asks for it is refused"),
    entry("the key that the token names",
          ["kid: missing", "kid: no text", "kid: unknown", "key: no name"],
          "token_unknown_key token_malformed",
          "RFC 7515 § 4.1.4: `kid` chooses the key; no default key for a name that is unknown or"
          " missing"),
    entry("the key's algorithm", ["alg: not the key's", "alg: no text", "alg: not allowed"],
          "token_alg token_malformed",
          "RFC 8725 § 3.1 and RFC 7517 § 4.4: the header must name the one algorithm that the key"
          " is for"),
    entry("the kind of token", ["typ: no text", "typ: other kind", "other purpose"],
          "token_type token_malformed",
          "RFC 8725 § 3.11 and § 3.12: logout tokens, ID tokens, proofs and refresh tokens are no"
          " access tokens"),
    entry("a bound token", ["cnf"],
          "token_binding",
          "RFC 7800 § 3: taking it as a plain bearer token would undo the binding"),
    entry("the subject", ["sub: no text", "sub: length", "sub: control character"],
          "token_claim",
          "RFC 7519 § 4.1.2: a text; and one of 1 to 255 bytes that forges no log line or header"),
    entry("the token's name", ["jti: no text"],
          "token_claim",
          "RFC 7519 § 4.1.7: a text"),
    entry("times", ["time: no number", "time: range", "time: order", "time: future"],
          "token_claim token_not_yet",
          "RFC 7519 § 2 and § 4.1.4 to 4.1.6: numbers from 1970 to 9999, `nbf` and `iat` not after"
          " `exp`, and not in the future"),
    entry("too long a life", ["time: lifetime"],
          "token_lifetime",
          "the issuer's rules allow a day from `iat`, or from now, to `exp`"),
    entry("the key's purpose and strength",
          ["key: use", "key: operations", "key: alg", "key: weak", "key: short", "key: curve",
           "key: name twice",
           "key: secret among public keys"],
          "key_set token_unknown_key token_alg",
          "RFC 7517 § 4.2 to § 4.5, RFC 7518 § 3.2 and § 3.3, RFC 8725 § 3.5: keys for other uses,"
          " of unregistered algorithms, too short or of known weakness are not used; sets that are"
          " ambiguous or hold secrets are refused"),
]

# We accept, another library refuses. Each needs a very good reason.
LAXER = [
    entry("header members that are not registered", ["header: other member"],
          "",
          "RFC 7515 § 4: members that are not understood must be ignored", ["joserfc"]),
    entry("the name `Ed25519`", ["alg: Ed25519"],
          "",
          "RFC 9864 § 2.2 registers it for the same signatures; the library knows only the older"
          " `EdDSA`, or was configured with that alone", ["PyJWT", "joserfc"]),
    entry("a token that begins to be valid in this second", ["time: begins now"],
          "",
          "RFC 7519 § 4.1.5: the time must be after or equal to `nbf`; the library asks for after",
          ["jwt-kit"]),
    entry("a key that names no algorithm", ["key: no alg"],
          "",
          "RFC 7517 § 4.4: `alg` is optional; the library takes such an RSA key for RS256",
          ["PyJWT"]),
]


# What no token may have that we accept, whatever the others say. Of a set's keys only one is used.
NEVER_ACCEPTED = {
    feature for known in STRICTER for feature in known.features if not feature.startswith("key: ")
}


def explain(ours, reason, engine, features):
    """The class of a disagreement; None when it is unexplained. `reason` is ours for a refusal."""
    for known in LAXER if ours else STRICTER:
        if known.engines and engine not in known.engines:
            continue
        if not ours and reason not in known.reasons:
            continue
        if known.features & features:
            return known
    return None
