"""Keys, good tokens and tokens that must be refused, made anew for every run."""

import base64
import json
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

ALGORITHMS = ("ES256", "RS256")
ISSUER = "https://issuer.example"
# How tokens that must be refused differ from good ones.
FORGERIES = ("expired", "wrong-role", "wrong-issuer", "bad-signature", "none")
TOKENS_AT_ONCE = 2500

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def make_all(folder: Path, count: int) -> None:
    """Keys (`jwks.json`, `ES256.pem` …), `good-ES256-1.txt`, `good-ES256-all.txt` with `count` tokens,
    and one file for each forgery."""
    sets: dict[str, dict[str, str]] = {}
    for algorithm in ALGORITHMS:
        key: PrivateKey = (
            ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else rsa.generate_private_key(65537, 2048)
        )
        public_text = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (folder / f"{algorithm}.pem").write_bytes(public_text)
        sets[algorithm] = _json_web_key(algorithm, key)
        (folder / f"jwks-{algorithm}.json").write_text(json.dumps({"keys": [sets[algorithm]]}))
        _make_tokens(folder, algorithm, key, count)
    (folder / "jwks.json").write_text(json.dumps({"keys": list(sets.values())}))


def good_tokens(folder: Path, algorithm: str, *, many: bool) -> Path:
    return folder / f"good-{algorithm}-{'all' if many else 1}.txt"


def forged_token(folder: Path, algorithm: str, forgery: str) -> str:
    return (folder / f"{forgery}-{algorithm}.txt").read_text().strip()


def subject(number: int) -> str:
    return f"user-{number:08d}"


def _make_tokens(folder: Path, algorithm: str, key: PrivateKey, count: int) -> None:
    private_text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    now = int(time.time())
    pieces = [(private_text, algorithm, now, start, min(count, start + TOKENS_AT_ONCE))
              for start in range(0, count, TOKENS_AT_ONCE)]
    with ProcessPoolExecutor() as workers:
        good = [token for piece in workers.map(_sign_range, pieces) for token in piece]
    good_tokens(folder, algorithm, many=False).write_text(good[0] + "\n")
    good_tokens(folder, algorithm, many=True).write_text("\n".join(good) + "\n")
    header, payload, signature = good[0].split(".")
    forged = {
        "expired": _sign(algorithm, key, _claims(0, now) | {"iat": now - 7200, "exp": now - 3600}),
        "wrong-role": _sign(algorithm, key, _claims(0, now) | {"role": "reader", "roles": ["reader"]}),
        "wrong-issuer": _sign(algorithm, key, _claims(0, now) | {"iss": "https://other.example"}),
        "bad-signature": f"{header}.{payload}.{_other_letters(signature[:8])}{signature[8:]}",
        "none": f"{_encode({'alg': 'none', 'typ': 'JWT'})}.{payload}.",
    }
    for forgery in FORGERIES:
        (folder / f"{forgery}-{algorithm}.txt").write_text(forged[forgery] + "\n")


def _other_letters(text: str) -> str:
    return "".join("A" if letter != "A" else "B" for letter in text)


def _claims(number: int, now: int) -> dict[str, Any]:
    return {
        "iss": ISSUER, "aud": "api", "sub": subject(number), "iat": now, "exp": now + 86400, "role": "admin",
        "roles": ["reader", "admin"], "scope": "orders:read orders:write", "tenant": "acme",
        "jti": f"{number:032x}",
    }


def _sign_range(piece: tuple[bytes, str, int, int, int]) -> list[str]:
    private_text, algorithm, now, start, stop = piece
    key = serialization.load_pem_private_key(private_text, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    return [_sign(algorithm, key, _claims(number, now)) for number in range(start, stop)]


def _sign(algorithm: str, key: PrivateKey, claims: dict[str, Any]) -> str:
    text = f"{_encode({'alg': algorithm, 'typ': 'JWT', 'kid': algorithm})}.{_encode(claims)}"
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    else:
        r, s = utils.decode_dss_signature(key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{text}.{_base64url(signature)}"


def _json_web_key(algorithm: str, key: PrivateKey) -> dict[str, str]:
    common = {"kid": algorithm, "alg": algorithm, "use": "sig"}
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return common | {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    point = key.public_key().public_numbers()
    return common | {"kty": "EC", "crv": "P-256", "x": _number(point.x, 32), "y": _number(point.y, 32)}


def _number(value: int, length: int = 0) -> str:
    return _base64url(value.to_bytes(length or (value.bit_length() + 7) // 8, "big"))


def _encode(value: dict[str, Any]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
