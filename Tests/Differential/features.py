"""What is unusual about a token, found out without the libraries that are compared: a disagreement is
explained by these, never by what one of the libraries says about it."""

import base64
import json
import re

import mutants
from signing import ALGORITHMS

DIGITS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
REGISTERED_HEADER = {"alg", "kid", "typ"}
# Members that joserfc's registry knows and lets pass, beside those that we read.
HARMLESS_HEADER = {"x5t", "x5t#S256"}
REFUSED_HEADER = ["crit", "b64", "zip", "cty", "jwk", "jku", "x5u", "x5c"]


def of(case) -> set[str]:
    found = set()
    token = case.token
    if len(token) > 8192:
        found.add("size")
    parts = token.split(b".")
    if len(parts) != 3:
        found.add("parts")
    texts = []
    for part in (parts + [b"", b""])[:3]:
        found |= encoding(part)
        texts.append(lenient_decode(part))
    header = document(texts[0], "header", found, members=32, size=4096)
    of_header(header, case, found)
    if not case.rules.signature_only:
        claims = document(texts[1], "claims", found, members=256, size=8192)
        if isinstance(claims, dict):
            of_claims(claims, found)
    of_signature(texts[2], header, case, found)
    of_keys(case.rules, found)
    return found


def encoding(part):
    found = set()
    plain = bytes(b for b in part if b in DIGITS)
    if b"=" in part:
        found.add("padding")
    if len(plain) != len(part.replace(b"=", b"")):
        found.add("alphabet")
    if len(plain) % 4 == 1:
        found.add("length")
    spare = {2: 15, 3: 3}.get(len(plain) % 4, 0)
    if plain and DIGITS.index(plain[-1:]) & spare:
        found.add("spare bits")
    if not part:
        found.add("empty part")
    return found


def lenient_decode(part):
    plain = part.replace(b"+", b"-").replace(b"/", b"_")
    plain = bytes(b for b in plain if b in DIGITS)
    plain = plain[: len(plain) - (len(plain) % 4 == 1)]
    return base64.urlsafe_b64decode(plain + b"=" * (-len(plain) % 4))


def document(text, name, found, members, size):
    """The value as Python reads it; everything that strict JSON forbids is noted."""
    if len(text) > size:
        found.add(f"{name}: size")
    if text[:3] == b"\xef\xbb\xbf" or b"\0" in text:
        found.add(f"{name}: encoding")
    try:
        decoded = text.decode("utf-8")
    except UnicodeDecodeError:
        found.add(f"{name}: encoding")
        decoded = text.decode("utf-8", "replace")
    nesting = []

    def pairs(items):
        names = [item[0] for item in items]
        if len(set(names)) != len(names):
            found.add(f"{name}: duplicate")
        if len(items) > members or any(len(n.encode("utf-8", "replace")) > 256 for n in names):
            found.add(f"{name}: limits")
        return dict(items)

    def constant(_):
        found.add(f"{name}: no number")

    try:
        value = json.loads(decoded.lstrip("\ufeff"), object_pairs_hook=pairs,
                           parse_constant=constant, parse_int=lenient_int)
    except (ValueError, RecursionError):
        found.add(f"{name}: json")
        return None
    walk(value, 1, name, found)
    if not isinstance(value, dict):
        found.add(f"{name}: no object")
    elif decoded.strip(" \t\r\n") != decoded or re.search(r'[,:{]\s|\s[}]', decoded):
        found.add(f"{name}: white space")
    return value


class MinusZero(int):
    """What Python would read as plain 0."""


def lenient_int(text):
    if text == "-0":
        return MinusZero()
    return int(text) if len(text) < 400 else float("inf")


def walk(value, depth, name, found):
    if isinstance(value, str) and any(0xD800 <= ord(c) <= 0xDFFF for c in value):
        found.add(f"{name}: lone surrogate")
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        found.add(f"{name}: huge number")
    if not isinstance(value, (list, dict)):
        return
    if depth > 8:
        found.add(f"{name}: limits")
    if isinstance(value, list) and len(value) > 256:
        found.add(f"{name}: limits")
    if isinstance(value, dict):
        for key in value:
            walk(key, depth, name, found)
    for element in value.values() if isinstance(value, dict) else value:
        walk(element, depth + 1, name, found)


def of_header(header, case, found):
    if not isinstance(header, dict):
        return
    algorithm, key_id, kind = header.get("alg"), header.get("kid"), header.get("typ")
    if not isinstance(algorithm, str) or not algorithm:
        found.add("alg: no text")
    elif algorithm == "Ed25519":
        found.add("alg: Ed25519")
    elif algorithm not in ALGORITHMS:
        found.add("alg: not allowed")
    keys = case.rules.key_list()
    if "kid" not in header:
        found.add("kid: missing")
    elif not isinstance(key_id, str) or not key_id:
        found.add("kid: no text")
    else:
        if len(key_id.encode("utf-8", "replace")) > 256:
            found.add("kid: long")
        named = [key for key in keys if key.get("kid") == key_id]
        if not named:
            found.add("kid: unknown")
        same = [algorithm] + ["EdDSA"] * (algorithm == "Ed25519")
        if named and all(key.get("alg", algorithm) not in same for key in named):
            found.add("alg: not the key's")
    if "typ" in header:
        if not isinstance(kind, str) or not kind:
            found.add("typ: no text")
        elif kind.lower().removeprefix("application/") not in ("at+jwt",) and kind.lower().endswith(
            "+jwt"
        ):
            found.add("typ: other kind")
    for name in REFUSED_HEADER:
        if name in header:
            found.add(f"header: {name}")
    if set(header) - REGISTERED_HEADER - HARMLESS_HEADER - set(REFUSED_HEADER):
        found.add("header: other member")


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_minus_zero(value):
    return isinstance(value, MinusZero) or str(value) == "-0.0"


def of_claims(claims, found):
    now, leeway = mutants.NOW, mutants.LEEWAY
    times = {}
    for name in ("exp", "nbf", "iat"):
        if name not in claims:
            continue
        value = claims[name]
        if not is_number(value):
            found.add("time: no number")
        elif not 0 <= value < 253402300800 or is_minus_zero(value):
            found.add("time: range")
        else:
            times[name] = value
            if isinstance(value, float):
                found.add("time: fraction")
    if "exp" not in claims:
        found.add("exp: missing")
    if "exp" in times:
        if int(times["exp"]) <= now - leeway:
            found.add("time: expired")
        elif times["exp"] - times.get("iat", now) > 86400:
            found.add("time: lifetime")
    if times.get("nbf") == now + leeway:
        found.add("time: begins now")
    for name in ("nbf", "iat"):
        if name in times and int(times[name]) > now + leeway:
            found.add("time: future")
        if name in times and "exp" in times and int(times[name]) > int(times["exp"]):
            found.add("time: order")
    of_names(claims, found)


def of_names(claims, found):
    audience, subject = claims.get("aud"), claims.get("sub")
    if claims.get("iss") != mutants.ISSUER:
        found.add("iss: other")
    if isinstance(audience, list) and any(not isinstance(a, str) for a in audience):
        found.add("aud: no texts")
    elif audience != mutants.AUDIENCE and not (
        isinstance(audience, list) and mutants.AUDIENCE in audience
    ):
        found.add("aud: other")
    if not isinstance(subject, str):
        found.add("sub: no text")
    elif not 1 <= len(subject.encode("utf-8", "replace")) <= 255:
        found.add("sub: length")
    elif re.search(r"[\x00-\x1f\x7f-\x9f]", subject):
        found.add("sub: control character")
    if "jti" in claims and not isinstance(claims["jti"], str):
        found.add("jti: no text")
    if "cnf" in claims:
        found.add("cnf")
    if claims.get("token_use", "access") != "access":
        found.add("other purpose")
    if claims.get("typ") in ("ID", "Refresh", "Offline", "Logout"):
        found.add("other purpose")
    if str(claims.get("token_type")).lower() in ("refresh", "sliding"):
        found.add("other purpose")
    events = claims.get("events")
    if isinstance(events, dict) and "http://schemas.openid.net/event/backchannel-logout" in events:
        found.add("other purpose")


def of_signature(signature, header, case, found):
    """Only what can be seen without verifying."""
    algorithm = header.get("alg") if isinstance(header, dict) else None
    widths = {"ES256": 64, "ES384": 96, "ES512": 132, "EdDSA": 64, "Ed25519": 64}
    if isinstance(algorithm, str):
        width = widths.get(algorithm)
        if width and len(signature) != width:
            found.add("signature: length")
        if algorithm[:2] == "PS":
            found.add("signature: PSS")
        if algorithm[:2] in ("RS", "PS"):
            found.add("signature: RSA")


def of_keys(rules, found):
    keys = rules.key_list()
    kinds = {key.get("kty") == "oct" for key in keys}
    if len(kinds) > 1 and rules.secrets is None:
        found.add("key: secret among public keys")
    labels = [(key.get("kid"), key.get("alg")) for key in keys]
    if len(set(labels)) != len(labels):
        found.add("key: name twice")
    for key in keys:
        if key.get("use", "sig") != "sig":
            found.add("key: use")
        operations = key.get("key_ops", ["verify"])
        if "verify" not in operations or len(set(map(str, operations))) != len(operations):
            found.add("key: operations")
        if "alg" in key and key["alg"] not in ALGORITHMS:
            found.add("key: alg")
        if "alg" not in key:
            found.add("key: no alg")
        if "kid" not in key:
            found.add("key: no name")
        if key.get("kty") == "oct" and "k" in key:
            if len(lenient_decode(key["k"].encode())) < int(key.get("alg", "HS256")[-3:]) // 8:
                found.add("key: short")
        if key.get("kty") == "EC":
            width = {"P-256": 32, "P-384": 48, "P-521": 66}.get(key.get("crv"))
            if any(len(lenient_decode(key[n].encode())) != width for n in ("x", "y")):
                found.add("key: curve")
        if key.get("kty") == "RSA" and is_weak(key):
            found.add("key: weak")


# The primes of the fingerprint of CVE-2017-15361, with the residues that its moduli have.
ROCA_PRIMES = [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157]


def is_weak(key):
    modulus = int.from_bytes(lenient_decode(key["n"].encode()), "big")
    exponent = int.from_bytes(lenient_decode(key["e"].encode()), "big")
    if not 2048 <= modulus.bit_length() <= 8192 or exponent < 65537 or exponent % 2 == 0:
        return True
    return all(
        modulus % prime in {pow(65537, power, prime) for power in range(prime)}
        for prime in ROCA_PRIMES
    )
